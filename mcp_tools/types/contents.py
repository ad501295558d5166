"""What a path can hold: text, other bytes, a symbolic link, a folder, or nothing."""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from mcp_tools.types.text import Digest, digest_of


@dataclass(frozen=True, slots=True)
class Binary:
    """The bytes of a regular file that is not UTF-8 text, or too large to be edited as text."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link, by the very words of its target; it need not lead anywhere."""

    target: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, without regard to what is in it."""


Content: TypeAlias = str | Binary | Link | Folder
"""A plain string is the text of a text file, with its line ends and without byte order mark.

Where a path may hold nothing at all, the type is `Content | None`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that is at a path, and that a write or an undo must keep or bring back."""

    content: Content
    mode: int | None = None
    """Permission bits, such as 0o644; None where nobody said: new text, or a link."""
    has_bom: bool = False
    """The text starts with a UTF-8 byte order mark on disk; it is not part of `content`."""


def digest_of_content(content: Content) -> Digest:
    """Give the digest of any content; for text it is the one of `digest_of`."""
    match content:
        case str():
            return digest_of(content)
        case Binary(data=data):
            return _digest(b"binary\0", data)
        case Link(target=target):
            return _digest(b"link\0", target.encode("utf-8", "surrogateescape"))
        case Folder():
            return _digest(b"folder\0", b"")


def _digest(kind: bytes, data: bytes) -> Digest:
    hashed = hashlib.blake2b(kind, digest_size=16)
    hashed.update(data)
    return Digest(hashed.hexdigest())
