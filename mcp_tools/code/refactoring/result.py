"""What a symbolic edit gives: the change, and what it could not settle."""

from dataclasses import dataclass

from mcp_tools.types.edits import ChangeSet


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unresolved:
    """One place that the change leaves alone, and that someone should look at."""

    file: str
    """As in `CodebaseView`."""
    line: int
    column: int
    """Where it starts, from 0, in code points."""
    text: str
    """The line, without white space around it."""
    why: str
    """Why it was left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refactoring:
    """A change of many places that keeps the program's meaning, as far as that can be known."""

    changes: ChangeSet
    unresolved: tuple[Unresolved, ...] = ()
    """Sorted by file and place."""
    notes: tuple[str, ...] = ()
    """What a reviewer should know, one sentence each."""
