"""Contents of any kind as bytes, and back.

Text and the targets of links may hold half a surrogate pair: what is typed into an editor, or a
name on disk that is not UTF-8. They come back as they were.
"""

import hashlib
from dataclasses import dataclass
from typing import assert_never

from mcp_tools.types.contents import Binary, Content, Folder, Link
from mcp_tools.types.text import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A content in the form in which it is kept."""

    kind: str
    digest: Digest
    data: bytes


def blob_of(content: Content) -> Blob:
    """Give the bytes of a content, with the key that they are kept under."""
    kind, data = _bytes_of(content)
    return Blob(kind=kind, digest=key_of(data), data=data)


def content_of(kind: str, data: bytes) -> Content:
    """Give the content that `blob_of` made the bytes from.

    Raises: ValueError for bytes or a kind that never came from there.
    """
    match kind:
        case "text":
            return text_of(data)
        case "binary":
            return Binary(data)
        case "link":
            return Link(text_of(data))
        case "folder":
            return Folder()
        case _:
            raise ValueError(f"expected the kind of a content, got {kind!r}")


def key_of(data: bytes) -> Digest:
    """Give the key of bytes in the store: BLAKE2b, 32 bytes, as hex."""
    return Digest(hashlib.blake2b(data, digest_size=32).hexdigest())


def bytes_of(text: str) -> bytes:
    """Give any text as bytes; `text_of` turns them back."""
    return text.encode("utf-8", "surrogatepass")


def text_of(data: bytes) -> str:
    """Give the text that `bytes_of` made the bytes from.

    Raises: UnicodeDecodeError, which is a ValueError.
    """
    return data.decode("utf-8", "surrogatepass")


def _bytes_of(content: Content) -> tuple[str, bytes]:
    match content:
        case str():
            return "text", bytes_of(content)
        case Binary(data=data):
            return "binary", data
        case Link(target=target):
            return "link", bytes_of(target)
        case Folder():
            return "folder", b""
        case _:
            assert_never(content)
