"""Bytes to text and back, exactly, or not at all."""

from pathlib import Path

from mcp_tools.types.errors import NotText

_BOM = b"\xef\xbb\xbf"


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


def encode(text: str, *, has_bom: bool) -> bytes:
    """Give the bytes that `decode` would turn back into `text`."""
    return (_BOM if has_bom else b"") + text.encode("utf-8")
