"""What a prompt is: its arguments, and what it says."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mcp_tools.server.addresses import Spot
from mcp_tools.server.ports import Workplace
from mcp_tools.server.schemes.scheme import Completes, Content
from mcp_tools.types.errors import NotFound

_LINES = re.compile(r"\s*L?(\d{1,9})\s*(?:[-:,]\s*L?(\d{1,9})\s*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """Something that a person can say when starting from a prompt."""

    name: str
    title: str
    description: str
    is_required: bool = False
    completes: Completes = Completes.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One use of a prompt."""

    place: Workplace
    values: Mapping[str, str]
    """What was said, by the name of the argument; nothing is empty."""
    spot: Spot | None = None
    """The file that the argument `path` names, if it was given."""

    @property
    def lines(self) -> tuple[int, int] | None:
        """First and last line from 1, if lines were named.

        Raises: NotFound if these are no lines.
        """
        text = self.values.get("lines")
        if text is None:
            return None
        match = _LINES.fullmatch(text)
        first = int(match[1]) if match else 0
        last = int(match[2] or first) if match else 0
        if not 1 <= first <= last:
            raise NotFound(f"expected lines such as '10-20', got {text[:100]!r}")
        return first, last


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a prompt says: words, and then what they are about."""

    text: str
    attached: Sequence[Content] = ()
    """Data, none of it by us; the words say so."""


MakePrompt: TypeAlias = Callable[[Occasion], Awaitable[Said]]
"""Raises: ExpectedError if an argument names what is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A text to start from."""

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...]
    make: MakePrompt
