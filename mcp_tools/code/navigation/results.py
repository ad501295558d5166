"""What the questions about symbols are answered with.

Files are named as in `CodebaseView`; offsets, lines and columns count from 0, in code points.
"""

from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.resolution.target import Certainty, Target
from mcp_tools.types.codebase import IndexState
from mcp_tools.types.facts import Role
from mcp_tools.types.text import Place, Span


class ItemKind(StrEnum):
    """What a thing is, for people, models and editors."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    PROPERTY = "property"
    VARIABLE = "variable"
    CONSTANT = "constant"
    ATTRIBUTE = "attribute"
    PARAMETER = "parameter"
    TYPE_ALIAS = "type_alias"
    LAMBDA = "lambda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A definition, as an answer shows it."""

    target: Target
    file: str
    symbol: int
    """In the file's facts; -1 for a module, a parameter or a local variable."""
    name: str
    path: str
    """Name path in the file: `Class/method`, `name[1]` for the second one; empty for a module."""
    kind: ItemKind
    name_span: Span
    span: Span
    """All of it, decorators included."""
    place: Place
    """Of the name."""
    end: Place
    """Where all of it ends."""
    start: Place
    """Where all of it starts."""
    detail: str = ""
    """Signature or annotation, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One place where something is named."""

    file: str
    term: int
    span: Span
    """Of the name."""
    place: Place
    role: Role
    certainty: Certainty
    enclosing: str
    """Name path of the innermost function or class around it; empty at the top of a file."""
    enclosing_symbol: int
    """Its number in the file's facts, -1 at the top."""

    @property
    def n_chars(self) -> int:
        """How long the name is."""
        return self.span.end - self.span.start


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where something is named, and no more than that."""

    file: str
    place: Place
    n_chars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Where a target is named."""

    target: Target
    sites: tuple[Site, ...]
    """Sorted by file and offset; EXACT and INFERRED ones."""
    textual: tuple[Site, ...]
    """The same name, where what it means could not be found out; sorted likewise."""
    state: IndexState


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One edge of the call graph, seen from one of its ends."""

    item: Item
    """The caller for incoming calls, the callee for outgoing ones. Code at the top of a file is
    an item of kind MODULE."""
    sites: tuple[Site, ...]
    """Where the calls are written; in the file of the caller, sorted."""
    certainty: Certainty
    """The best of its sites'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """All calls in one direction."""

    item: Item
    calls: tuple[Call, ...]
    """Sorted by file and offset of the item."""
    state: IndexState
    n_unresolved: int = 0
    """Calls whose other end could not be found out, or lies outside of the workspace."""


class Direction(StrEnum):
    """Which way calls are followed."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNode:
    """A node of a call tree of some depth."""

    item: Item
    sites: tuple[Site, ...]
    """The calls that lead here from the node above; empty at the root."""
    certainty: Certainty
    is_cycle: bool
    """It stands further up on the way to the root already, so it is not followed again."""
    is_repeated: bool
    """It was followed elsewhere in this tree."""
    calls: tuple["CallNode", ...]
    is_cut: bool
    """There is more below, which the depth or the limit left out."""
