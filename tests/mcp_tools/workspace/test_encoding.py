"""Bytes to text and back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.types.errors import InvalidEdit, NotText, TooLarge
from mcp_tools.workspace.encoding import MAX_FILE_BYTES, decode, encode

PATH = Path("/p/a.py")
BOM = b"\xef\xbb\xbf"


@given(
    st.binary(max_size=20).map(lambda data: data.replace(b"\0", b"")) | st.text().map(str.encode)
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_what_can_be_read_is_written_back_byte_for_byte(data: bytes) -> None:
    try:
        text, has_bom = decode(data, PATH)
    except NotText:
        return
    assert encode(text, PATH, has_bom=has_bom) == data


@pytest.mark.parametrize("body", [b"", b"a\r\nb\n", "é😀\u2028".encode()])
def test_a_byte_order_mark_is_kept_apart(body: bytes) -> None:
    assert decode(BOM + body, PATH) == (body.decode(), True)
    assert decode(body, PATH) == (body.decode(), False)
    assert encode(body.decode(), PATH, has_bom=True) == BOM + body


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"ab\xff", "byte 2 is 0xff"),
        (BOM + b"ab\xff", "byte 5 is 0xff"),
        (b"caf\xe9", "byte 3 is 0xe9"),
        (b"\xed\xa0\x80", "byte 0 is 0xed"),
        ("hi".encode("utf-16"), "NUL"),
        (b"a\0b", "'a.py' is a binary file"),
    ],
)
def test_what_is_not_utf8_text_is_refused_with_the_place(data: bytes, message: str) -> None:
    with pytest.raises(NotText, match=message):
        decode(data, PATH)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ab\ud800", r"lone surrogate U\+D800 at character 2"),
        ("a\0", "NUL"),
        ("\ufeffa", "byte order mark"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(text: str, message: str) -> None:
    with pytest.raises(InvalidEdit, match=message):
        encode(text, PATH, has_bom=False)


def test_a_second_byte_order_mark_is_text() -> None:
    assert decode(encode("\ufeffa", PATH, has_bom=True), PATH) == ("\ufeffa", True)


def test_the_limit_of_size_counts_bytes() -> None:
    assert len(encode("é" * (MAX_FILE_BYTES // 2), PATH, has_bom=False)) == MAX_FILE_BYTES
    with pytest.raises(TooLarge, match=f"{MAX_FILE_BYTES + 1} bytes"):
        encode("é" * (MAX_FILE_BYTES // 2) + "x", PATH, has_bom=False)
