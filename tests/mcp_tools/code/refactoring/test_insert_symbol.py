"""A new definition beside another one."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.refactoring.insert_symbol import Side, insert_symbol
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.code.refactoring.fixtures import codebase_in, files_after, target_in


def inserted(folder: Path, before: str, name: str, source: str, side: Side) -> str:
    """Give the file after an insertion."""
    codebase = codebase_in(folder, f"//- a.py\n{before}")
    symbol = item_of(codebase, target_in(codebase, name)).symbol
    made = insert_symbol(codebase, "a.py", symbol, source, side)
    return files_after(codebase, made).removeprefix("//- a.py\n")


def test_two_blank_lines_at_the_top(tmp_path: Path) -> None:
    before = "def f():\n    pass\n"
    after = "def f():\n    pass\n\n\ndef g(): ...\n"
    assert inserted(tmp_path, before, "a.py:f", "def g(): ...", Side.AFTER) == after


def test_before_a_definition_and_its_comments(tmp_path: Path) -> None:
    before = "import x\n\n\n# about f\n@x\ndef f(): ...\n"
    after = "import x\n\n\ndef g(): ...\n\n\n# about f\n@x\ndef f(): ...\n"
    assert inserted(tmp_path, before, "a.py:f", "def g(): ...\n", Side.BEFORE) == after


def test_one_blank_line_in_a_class(tmp_path: Path) -> None:
    before = "class A:\n    def f(self): ...\n\n\nx = 1\n"
    after = "class A:\n    def f(self): ...\n\n    def g(self):\n        pass\n\n\nx = 1\n"
    source = "def g(self):\n    pass\n"
    assert inserted(tmp_path, before, "a.py:A/f", source, Side.AFTER) == after


def test_the_style_of_the_neighbours_is_kept(tmp_path: Path) -> None:
    before = "def f(): ...\ndef h(): ...\n"
    after = "def f(): ...\ndef g(): ...\ndef h(): ...\n"
    assert inserted(tmp_path, before, "a.py:f", "def g(): ...", Side.AFTER) == after


def test_a_variable_beside_a_variable_has_no_gap(tmp_path: Path) -> None:
    assert inserted(tmp_path, "x = 1\n", "a.py:x", "y = 2", Side.AFTER) == "x = 1\ny = 2\n"


def test_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    after = "x = 1\r\n\r\n\r\ndef f():\r\n    pass"
    source = "def f():\n    pass\n"
    assert inserted(tmp_path, "x = 1", "a.py:x", source, Side.AFTER) == after.replace("\r", "")
    before = "y = 0\r\nx = 1"
    other = tmp_path / "other"
    other.mkdir()
    assert inserted(other, before, "a.py:x", source, Side.AFTER) == f"y = 0\r\n{after}"


def test_broken_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="syntax error in its line 2"):
        inserted(tmp_path, "x = 1\n", "a.py:x", "def f():\n  return )", Side.AFTER)
