"""What a name can mean, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum

MODULE = -1
"""The scope of a target that is a module."""


class Certainty(StrEnum):
    """How a result was found."""

    EXACT = "exact"
    """By scopes, imports and class bases alone."""
    INFERRED = "inferred"
    """By following values through assignments, calls, annotations or narrowing."""
    TEXTUAL = "textual"
    """The name is the same, and what it means could not be found out."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A variable in the widest sense: a name in a scope, however often it is bound there.

    Functions, classes, parameters and attributes of instances are targets; the scope of an
    attribute is that of its class. A name that an import binds is none: the import is followed.
    """

    file: str
    """As in `CodebaseView`."""
    scope: int
    """In the file's `Facts.scopes`; MODULE for the module itself, whose name is empty."""
    name: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an occurrence means; no targets if that is not known, or lies nowhere in source."""

    targets: tuple[Target, ...]
    """Sorted; several where values flow together."""
    certainty: Certainty


@dataclass(frozen=True, slots=True, order=True)
class Declaration:
    """One place where a target is bound."""

    file: str
    term: int
    """The occurrence; 0 for a module."""
    symbol: int
    """In the file's `Facts.symbols`; -1 for a parameter, a local variable or a module."""
