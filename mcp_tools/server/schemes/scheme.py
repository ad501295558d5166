"""What a scheme is: how its resources are found, read, listed and watched."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from mcp_tools.server.addresses import Address, Spot
from mcp_tools.server.ports import Workplace

MAX_BYTES = 4 * 1024 * 1024
"""The largest resource that is given; an answer lies in memory several times on its way."""


class Completes(StrEnum):
    """What the name of a variable or an argument stands for, to those who complete it."""

    PATH = "path"
    SYMBOL = "symbol"
    """A name path; within the file that `path` names, if that is given."""
    CALL = "call"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is read: text, or bytes."""

    uri: str
    mime_type: str
    text: str = ""
    data: bytes | None = None
    """In the place of the text, if it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A resource as it stands in the list."""

    uri: str
    name: str
    title: str
    description: str = ""
    mime_type: str
    size_bytes: int | None = None
    priority: float
    """How much it matters to know it, from 0 to 1."""
    path: Path | None = None
    """The file, if it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A form of URIs, with a variable for each part that can be chosen."""

    uri_template: str
    """As in RFC 6570."""
    name: str
    title: str
    description: str
    mime_type: str | None = None
    """None if it is not the same for all of them."""
    completes: tuple[tuple[str, Completes], ...] = ()
    """Names of variables, each with what it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A wish to read something, by someone who has a workplace at its root."""

    address: Address
    place: Workplace
    spot: Spot | None = None
    """The file that the address leads to, if it is an address of one."""


ReadScheme: TypeAlias = Callable[[Visit], Awaitable[Sequence[Content]]]
"""Gives at least one content.

Raises: ExpectedError if there is no such resource, or it cannot be given.
"""

ListScheme: TypeAlias = Callable[[Workplace], Sequence[Listed]]
"""Gives what is worth a place in the list; may read files."""


def _nothing_listed(place: Workplace) -> Sequence[Listed]:
    del place
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One kind of resource."""

    name: str
    """As it stands before `://`."""
    templates: tuple[Template, ...]
    read: ReadScheme
    listed: ListScheme = _nothing_listed
    has_files: bool = False
    """Its addresses are paths of files, and the resource changes when the file does."""
