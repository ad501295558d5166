"""Lines in which columns of the client are others than ours."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.code.wide_lines import WideLines
from mcp_tools.types.text import digest_of

Encoding = lsp.PositionEncodingKind
TEXT = "x = 1\nnote = 'é'\r\narea = '𝄞'\n"


def nothing() -> str:
    raise AssertionError("the file has the text")


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [(Encoding.Utf8, [1, 2]), (Encoding.Utf16, [2]), ("utf-7", [2]), (Encoding.Utf32, [])],
)
def test_only_lines_with_characters_of_several_units_are_wide(
    tmp_path: Path, encoding: Encoding | str, expected: list[int]
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(TEXT.encode())
    found = WideLines(encoding).of(digest_of(TEXT), str(path), lambda: TEXT)
    assert sorted(found) == expected


def test_a_file_without_any_is_looked_into_once_and_not_made_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    text = "note = 'é'\n"
    path.write_bytes(text.encode())
    lines = WideLines(Encoding.Utf16)
    assert lines.of(digest_of(text), str(path), nothing) == {}
    path.unlink()
    assert lines.of(digest_of(text), str(path), nothing) == {}


@pytest.mark.parametrize("content", [b"x = 1\n", b"\xff\xfe", None])
def test_the_text_counts_and_not_what_the_file_has_by_now(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "a.py"
    if content is not None:
        path.write_bytes(content)
    found = WideLines(Encoding.Utf16).of(digest_of(TEXT), str(path), lambda: TEXT)
    assert sorted(found) == [2]
