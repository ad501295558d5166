"""Bytes to text and back, exactly, or not at all."""

import re
from pathlib import Path

from mcp_tools.types.errors import InvalidEdit, NotText, TooLarge

MAX_FILE_BYTES = 16 * 1024 * 1024
"""What a file of text may have at most, read or written."""

_BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(data: bytes, path: Path) -> tuple[str, bool]:
    """Give the text, without its byte order mark, and whether it had one.

    Line ends stay as they are.
    Raises: NotText for anything but UTF-8, and for text with NUL, which no source file has.
    """
    has_bom = data.startswith(_BOM)
    body = data[len(_BOM) :] if has_bom else data
    if b"\0" in body:
        raise NotText(f"{path.name!r} is a binary file (it has NUL bytes); only text can be edited")
    try:
        return body.decode("utf-8"), has_bom
    except UnicodeDecodeError as error:
        at = error.start + (len(_BOM) if has_bom else 0)
        raise NotText(
            f"{path.name!r} is not UTF-8 (byte {at} is 0x{body[error.start]:02x}); "
            "convert it to UTF-8 first, it was left as it is"
        ) from error


def encode(text: str, path: Path, *, has_bom: bool) -> bytes:
    """Give the bytes that `decode` would turn back into `text`.

    Raises: InvalidEdit for text that no file of text can hold; TooLarge.
    """
    check_text(text, path)
    if text.startswith("\ufeff") and not has_bom:
        raise InvalidEdit(
            f"expected text for {path.name!r} without a byte order mark, got U+FEFF at its start; "
            "leave it out"
        )
    data = (_BOM if has_bom else b"") + text.encode("utf-8")
    if len(data) > MAX_FILE_BYTES:
        raise TooLarge(
            f"the new text of {path.name!r} has {len(data)} bytes, "
            f"the limit for text is {MAX_FILE_BYTES}"
        )
    return data


def check_text(text: str, path: Path) -> None:
    """See that a text, whole or a part, can be in a file at all.

    Raises: InvalidEdit for NUL, and for half a surrogate pair, which is no character.
    """
    if "\0" in text:
        raise InvalidEdit(f"expected text for {path.name!r}, got a NUL character; leave it out")
    if found := _SURROGATE.search(text):
        raise InvalidEdit(
            f"expected text for {path.name!r} that UTF-8 can hold, got the lone surrogate "
            f"U+{ord(found[0]):04X} at character {found.start()}; leave it out"
        )
