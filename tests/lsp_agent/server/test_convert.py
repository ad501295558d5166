"""Positions of the protocol and offsets of ours, in all three encodings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from lsp_agent.server.convert import (
    Encoding,
    column_of,
    from_wire_diagnostic,
    n_units,
    path_of,
    to_offset,
    to_position,
    to_span,
    to_wire_diagnostic,
    uri_of,
)
from mcp_tools.types.diagnostics import Diagnostic, Severity
from mcp_tools.types.documents import Document
from mcp_tools.types.text import LineIndex, Span

ENCODINGS = (Encoding.Utf8, Encoding.Utf16, Encoding.Utf32)
TEXTS = st.text(alphabet=st.sampled_from("aé€𝄞\t\x0c\u2028\u0085\r\n"), max_size=40)


@pytest.mark.parametrize(
    ("encoding", "units"), [(Encoding.Utf8, 10), (Encoding.Utf16, 5), (Encoding.Utf32, 4)]
)
def test_code_units_are_counted_as_the_encoding_has_them(encoding: Encoding, units: int) -> None:
    assert n_units("aé€𝄞", encoding) == units


@given(text=TEXTS, encoding=st.sampled_from(ENCODINGS))
def test_every_offset_survives_the_way_there_and_back(text: str, encoding: Encoding) -> None:
    lines = LineIndex(text)
    for offset in range(len(text) + 1):
        position = to_position(lines, offset, encoding)
        inside_crlf = text[offset - 1 : offset + 1] == "\r\n"
        expected = offset - 1 if inside_crlf else offset
        assert to_offset(lines, position, encoding) == expected


def test_form_feed_and_line_separators_do_not_end_a_line() -> None:
    lines = LineIndex("a\x0cb\u2028c\u0085d\ne")
    assert to_position(lines, 8, Encoding.Utf16) == lsp.Position(line=1, character=0)


def test_a_position_beyond_the_line_is_its_end() -> None:
    lines = LineIndex("ab\r\ncd")
    assert to_offset(lines, lsp.Position(0, 99), Encoding.Utf16) == 2
    assert to_offset(lines, lsp.Position(99, 0), Encoding.Utf16) == 6


def test_a_position_inside_a_surrogate_pair_is_the_start_of_its_character() -> None:
    assert column_of("a𝄞b", 2, Encoding.Utf16) == 1
    assert column_of("a𝄞b", 3, Encoding.Utf16) == 2


def test_a_range_that_runs_backwards_is_turned_around() -> None:
    lines = LineIndex("abc\ndef")
    range_ = lsp.Range(lsp.Position(1, 1), lsp.Position(0, 1))
    assert to_span(lines, range_, Encoding.Utf16) == Span(1, 5)


def test_a_diagnostic_keeps_place_code_and_severity_on_the_way_to_the_wire_and_back(
    tmp_path: Path,
) -> None:
    document = Document(path=tmp_path / "a.py", text="x = '𝄞'; y\r\n")
    ours = Diagnostic(
        path=document.path,
        span=Span(9, 10),
        message="Undefined name `y`",
        source="ruff",
        code="F821",
        severity=Severity.ERROR,
    )
    wire = to_wire_diagnostic(document, ours, Encoding.Utf16)
    assert wire.range.start == lsp.Position(0, 10)
    assert from_wire_diagnostic(document, wire, Encoding.Utf16) == ours


def test_only_file_uris_have_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a b#é.py"
    assert path_of(uri_of(path)) == path
    assert path_of("untitled:Untitled-1") is None
    assert path_of("https://example.org/a.py") is None
