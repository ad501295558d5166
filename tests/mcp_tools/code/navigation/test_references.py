"""References are what a name means, not how it is spelled."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.navigation.references import references, target_at
from mcp_tools.code.navigation.results import Site
from mcp_tools.resolution.target import Certainty
from mcp_tools.types.facts import Role
from tests.support.codebases import codebase_of


def _places(sites: Iterable[Site]) -> list[str]:
    """Lines and columns from 1, as an editor shows them."""
    return [f"{site.file}:{site.place.line + 1}:{site.place.column + 1}" for site in sites]


def _references(files: Mapping[str, str], name: str, tmp_path: Path) -> list[str]:
    codebase = codebase_of(files, tmp_path)
    return _places(references(codebase, locate(codebase, name)).sites)


def test_other_things_of_the_same_name_are_left_out(tmp_path: Path) -> None:
    files = {
        "a.py": "def load(): ...\nload()\n",
        "b.py": "from a import load\nload()\n",
        "c.py": "def load(): ...\nload()\n",
        "d.py": "def f(load):\n    load()\n",
    }
    assert _references(files, "a.py:load", tmp_path) == [
        "a.py:1:5",
        "a.py:2:1",
        "b.py:1:15",
        "b.py:2:1",
    ]


def test_an_alias_is_followed(tmp_path: Path) -> None:
    files = {
        "a.py": "def load(): ...\n",
        "b.py": "from a import load as fetch\nfetch()\n",
        "c.py": "from b import fetch\nfetch()\n",
        "d.py": "def fetch(): ...\nfetch()\n",
    }
    found = _references(files, "load", tmp_path)
    assert found == [
        "a.py:1:5",
        "b.py:1:15",
        "b.py:1:23",
        "b.py:2:1",
        "c.py:1:15",
        "c.py:2:1",
    ]


def test_methods_are_told_apart_by_their_class(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def run(self): ...\nclass B:\n    def run(self): ...\n",
        "b.py": "from a import A, B\nA().run()\nB().run()\n",
    }
    assert _references(files, "A/run", tmp_path) == ["a.py:2:9", "b.py:2:5"]


def test_what_cannot_be_known_is_textual(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def run(self): ...\n",
        "b.py": "def f(x):\n    x.run()\n    x(run=1)\nrun = 1\n",
    }
    codebase = codebase_of(files, tmp_path)
    found = references(codebase, locate(codebase, "A/run"))
    assert _places(found.sites) == ["a.py:2:9"]
    assert _places(found.textual) == ["b.py:2:7"]
    assert found.textual[0].certainty == Certainty.TEXTUAL


def test_parameters_are_found_as_keywords_elsewhere(tmp_path: Path) -> None:
    files = {
        "a.py": "def f(size, x=1):\n    return size + (lambda: size)()\n",
        "b.py": "from a import f\nsize = 3\nf(size=size)\ng(size=1)\n",
    }
    assert _references(files, "a.py:1:7", tmp_path) == [
        "a.py:1:7",
        "a.py:2:12",
        "a.py:2:28",
        "b.py:3:3",
    ]


def test_parameters_of_a_constructor_are_found_as_keywords(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def __init__(self, size): ...\nclass B(A): ...\n",
        "b.py": "from a import A\nA(size=1)\n",
        "c.py": "from a import B\nB(size=1)\n",
    }
    assert _references(files, "a.py:2:24", tmp_path) == ["a.py:2:24", "b.py:2:3", "c.py:2:3"]


def test_a_local_variable_stays_in_its_function(tmp_path: Path) -> None:
    files = {"a.py": "def f():\n    x = 1\n    return x\ndef g():\n    x = 2\n"}
    assert _references(files, "a.py:2:5", tmp_path) == ["a.py:2:5", "a.py:3:12"]


def test_attributes_are_found_where_they_are_set_and_read(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def __init__(self):\n        self.n = 0\n",
        "b.py": "from a import A\na = A()\na.n += 1\nprint(a.n)\n",
    }
    assert _references(files, "A/n", tmp_path) == ["a.py:3:14", "b.py:3:3", "b.py:4:9"]


def test_a_module_is_named_by_imports(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/mod.py": "x = 1\n",
        "b.py": "import pkg.mod\nfrom pkg import mod\nfrom pkg.mod import x\nmod.x\npkg.mod.x\n",
    }
    assert _references(files, "pkg.mod", tmp_path) == [
        "b.py:1:12",
        "b.py:2:17",
        "b.py:3:10",
        "b.py:4:1",
        "b.py:5:5",
    ]


def test_strings_in_all_are_references(tmp_path: Path) -> None:
    files = {"a.py": '__all__ = ["load"]\ndef load(): ...\n'}
    codebase = codebase_of(files, tmp_path)
    sites = references(codebase, locate(codebase, "load")).sites
    assert [site.role for site in sites] == [Role.EXPORT, Role.DEFINITION]


def test_declarations_can_be_left_out(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "def f(): ...\nf()\n"}, tmp_path)
    found = references(codebase, locate(codebase, "f"), include_declarations=False)
    assert _places(found.sites) == ["a.py:2:1"]


def test_a_site_says_what_is_around_it(tmp_path: Path) -> None:
    text = "def f(): ...\nclass A:\n    @f\n    def m(self, x=f):\n        f()\n    y = f()\nf()\n"
    codebase = codebase_of({"a.py": text}, tmp_path)
    sites = references(codebase, locate(codebase, "f")).sites
    assert [(site.place.line + 1, site.enclosing) for site in sites] == [
        (1, ""),
        (3, "A/m"),
        (4, "A/m"),
        (5, "A/m"),
        (6, "A"),
        (7, ""),
    ]


def test_the_name_at_an_offset_gives_the_target(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "def f(): ...\nf()\nunknown()\n# f\n"}, tmp_path)
    assert target_at(codebase, "a.py", 13) == locate(codebase, "f")
    assert target_at(codebase, "a.py", 14) == locate(codebase, "f")
    assert target_at(codebase, "a.py", 18) is None
    assert target_at(codebase, "a.py", 29) is None
    assert target_at(codebase, "nowhere.py", 0) is None


def test_columns_count_code_points(tmp_path: Path) -> None:
    files = {"a.py": "def f(): ...\n'\U0001f600\U0001f600', f()\r\nf()\n"}
    assert _references(files, "f", tmp_path) == ["a.py:1:5", "a.py:2:7", "a.py:3:1"]
