"""Definitions are found from any place that names them."""

from pathlib import Path

from mcp_tools.code.navigation.definition import definition
from mcp_tools.resolution.target import Certainty
from mcp_tools.types.text import Span
from tests.support.codebases import codebase_of

_FILES = {
    "a.py": "class A:\n    def run(self): ...\n    @property\n    def p(self): ...\n",
    "b.py": "from a import A as B\nx = B()\nx.run()\nx.p\nnothing_known\n",
}


def _found(tmp_path: Path, text: str, file: str = "b.py") -> list[str]:
    codebase = codebase_of(_FILES, tmp_path)
    found = definition(codebase, file, _FILES[file].index(text))
    return [f"{item.file}:{item.place.line + 1}:{item.path}" for item in found.items]


def test_imports_and_aliases_are_followed(tmp_path: Path) -> None:
    assert _found(tmp_path, "A as") == ["a.py:1:A"]
    assert _found(tmp_path, "B()") == ["a.py:1:A"]


def test_methods_are_found_through_the_type(tmp_path: Path) -> None:
    assert _found(tmp_path, "run()") == ["a.py:2:A/run"]
    assert _found(tmp_path, "p\n") == ["a.py:4:A/p"]


def test_a_variable_leads_to_where_it_is_set(tmp_path: Path) -> None:
    assert _found(tmp_path, "x.run") == ["b.py:2:x"]


def test_a_module_leads_to_its_file(tmp_path: Path) -> None:
    assert _found(tmp_path, "a import") == ["a.py:1:"]


def test_all_definitions_of_one_name_are_given(tmp_path: Path) -> None:
    text = "try:\n    def f(): ...\nexcept E:\n    def f(): ...\nf()\n"
    codebase = codebase_of({"a.py": text}, tmp_path)
    found = definition(codebase, "a.py", text.rindex("f()"))
    assert sorted(item.place.line for item in found.items) == [1, 3]


def test_the_standard_library_is_outside(tmp_path: Path) -> None:
    text = "import re\nre.compile\n"
    codebase = codebase_of({"a.py": text}, tmp_path)
    found = definition(codebase, "a.py", text.index("compile"))
    assert found.items[0].name == "compile"
    assert Path(found.items[0].file).is_absolute()


def test_an_unknown_name_has_none_but_an_origin(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    start = _FILES["b.py"].index("nothing_known")
    found = definition(codebase, "b.py", start)
    assert (found.items, found.certainty) == ((), Certainty.TEXTUAL)
    assert found.origin == Span(start, start + len("nothing_known"))


def test_where_no_name_is_there_is_no_origin(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "# only words\n"}, tmp_path)
    found = definition(codebase, "a.py", 4)
    assert (found.items, found.origin) == ((), Span(4, 4))
