"""A patch as a value, whatever format it came in."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What becomes of a line of a hunk."""

    KEPT = " "
    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class HunkLine:
    """One line of a hunk, without its mark and its line end."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines that stand together in a file, and what becomes of them."""

    lines: tuple[HunkLine, ...]
    anchors: tuple[str, ...] = ()
    """Lines that stand somewhere above, the outer one first, such as `class A:`."""
    first_line: int = 0
    """Where it was in the text that the patch was made for, from 1; 0 if nobody says."""
    is_at_end: bool = False
    """Its last line is the last one of the file."""
    new_last_line_has_end: bool | None = None
    """Whether the last line of the new text ends in a line end; None for as it was."""

    @property
    def old(self) -> list[str]:
        """The lines that must stand in the file."""
        return [line.text for line in self.lines if line.mark is not Mark.ADDED]

    @property
    def new(self) -> list[str]:
        """The lines that stand there afterwards."""
        return [line.text for line in self.lines if line.mark is not Mark.REMOVED]


class Action(StrEnum):
    """What happens to a file."""

    UPDATE = "update"
    ADD = "add"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePatch:
    """What a patch says of one file."""

    path: str
    """As the patch has it."""
    action: Action
    hunks: tuple[Hunk, ...] = ()
    """For a new file at most one, which only adds; for one that goes, all of its text or none."""
    new_path: str | None = None
    """Where the file goes; None where it is."""
    mode: int | None = None
    """Permission bits that it gets; None for those it has."""
