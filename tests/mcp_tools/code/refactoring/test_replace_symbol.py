"""New source in the place of a definition."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.refactoring.replace_symbol import replace_symbol
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.code.refactoring.fixtures import codebase_in, files_after, target_in

BEFORE = """//- a.py
import x


class A:
    # about f
    @x.mark
    def f(self):
        return 1

    y = 2


def g(): ...
"""


def replaced(folder: Path, name: str, source: str, *, before: str = BEFORE) -> str:
    """Give the files after a replacement."""
    codebase = codebase_in(folder, before)
    symbol = item_of(codebase, target_in(codebase, name)).symbol
    return files_after(codebase, replace_symbol(codebase, "a.py", symbol, source))


def test_source_takes_the_indentation_and_the_decorators_stay(tmp_path: Path) -> None:
    source = 'def f(self):\n    """Say.\n\n  odd\n    """\n    return 2\n'
    expected = BEFORE.replace(
        "    def f(self):\n        return 1\n",
        '    def f(self):\n        """Say.\n\n  odd\n    """\n        return 2\n',
    )
    assert replaced(tmp_path, "a.py:A/f", source) == expected


def test_source_with_decorators_replaces_those_that_are_there(tmp_path: Path) -> None:
    expected = BEFORE.replace(
        "    @x.mark\n    def f(self):\n        return 1\n", "    @p\n    def f(self): ...\n"
    )
    assert replaced(tmp_path, "a.py:A/f", "    @p\n    def f(self): ...") == expected


def test_a_variable_is_replaced(tmp_path: Path) -> None:
    assert replaced(tmp_path, "a.py:A/y", "y: int = 3") == BEFORE.replace("y = 2", "y: int = 3")


def test_the_last_line_may_lack_an_end_and_ends_are_kept(tmp_path: Path) -> None:
    before = "//- a.py\r\n".replace("\r", "") + "def g():\r\n\treturn 1"
    expected = "//- a.py\n" + "def g():\r\n\treturn 2"
    assert replaced(tmp_path, "a.py:g", "def g():\n    return 2\n", before=before) == expected


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def g(:", r"syntax error in its line 1, 'def g\(:'"),
        ("def h(): ...", "expected source that defines 'g' alone, got 'h'"),
        ("print()", "got no definition"),
        ("def g(): ...\ndef h(): ...", "got 'g', 'h'"),
        ("", "got none"),
        ("    def g():\n        ...\n  x = 1", "indented less"),
    ],
)
def test_other_source_is_refused(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(InvalidEdit, match=words):
        replaced(tmp_path, "a.py:g", source)


def test_a_definition_that_shares_its_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="shares line 1"):
        replaced(tmp_path, "a.py:b", "b = 2", before="//- a.py\na, b = 1, 2\n")
