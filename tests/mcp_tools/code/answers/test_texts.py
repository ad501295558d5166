"""The text that answers quote."""

from pathlib import Path

import pytest

from mcp_tools.code.answers.texts import MAX_SNIPPET_CHARS, Texts
from mcp_tools.code.navigation.naming import item_of, locate
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.types.text import digest_of
from tests.support.codebases import codebase_of

TEXT = "x = 1\r\n\r\nclass A:\r\n\t@property\r\n\tdef b(self):\r\n\t\treturn '\U0001f600'\r\n"


def test_a_body_has_whole_lines_and_any_line_ends(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    item = item_of(codebase, locate(codebase, "a.py:A/b"))
    assert Texts(codebase).body(item) == [
        "\t@property",
        "\tdef b(self):",
        "\t\treturn '\U0001f600'",
    ]


def test_a_module_is_all_of_its_text(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    item = item_of(codebase, locate(codebase, "a.py"))
    assert len(Texts(codebase).body(item)) == 6


def test_a_long_line_is_cut_and_a_stamp_is_short(tmp_path: Path) -> None:
    text = f"x = {'y' * 5000}\n"
    texts = Texts(codebase_of({"a.py": text}, tmp_path))
    assert len(texts.line("a.py", 0)) == MAX_SNIPPET_CHARS
    assert texts.line("a.py", 99) == ""
    assert texts.stamp("a.py").digest == digest_of(text)[:8]


def test_what_has_changed_since_is_not_quoted(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": TEXT}, tmp_path)
    item = item_of(codebase, locate(codebase, "a.py:A/b"))
    (tmp_path / "a.py").write_text("another text\n", encoding="utf-8")
    with pytest.raises(StaleEdit, match="ask again"):
        Texts(codebase).body(item)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    texts = Texts(codebase_of({"a.py": TEXT}, tmp_path))
    with pytest.raises(NotFound, match=r"b\.py"):
        texts.line("b.py", 0)
