"""The undo journal as values: who changed what, when, and what was there before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.types.text import Digest


class Actor(StrEnum):
    """What kind of thing made a change."""

    TOOL = "tool"
    COMMAND = "command"
    """A shell command; the change is what it left behind."""
    FORMATTER = "formatter"
    CLIENT = "client"
    """A program that is connected over MCP or another protocol."""
    USER = "user"
    """A person: accepted a proposal, or asked for an undo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who made a change, and in the course of what; an empty text is unknown or none."""

    actor: Actor
    name: str
    """The tool's, the command's or the client's name; for a person what they did."""
    session_id: str = ""
    turn_id: str = ""
    """The turn whose edits these are; the same as the id of its proposal."""
    call_id: str = ""


class EntryKind(StrEnum):
    """What an entry is in relation to others."""

    CHANGE = "change"
    UNDO = "undo"
    REDO = "redo"


class EntryState(StrEnum):
    """How far a change got."""

    PENDING = "pending"
    """It is being made right now, or the process that made it was killed."""
    DONE = "done"
    FAILED = "failed"
    """It was refused or failed, and nothing of it stayed."""
    INTERRUPTED = "interrupted"
    """Its process was killed; the recovery undid what had been done of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One path, before and after a change; None is nothing there."""

    path: Path
    before: State | None
    after: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an undo or a redo took back: an entry, one path of it, or some hunks of that."""

    entry_id: str
    path: str | None = None
    """From the root, with `/`; None for all paths of the entry."""
    hunk_ids: tuple[str, ...] = ()
    """Empty for all of the path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A change that is about to be made."""

    label: str
    """One line for a person."""
    origin: Origin
    transitions: tuple[Transition, ...]
    kind: EntryKind = EntryKind.CHANGE
    targets: tuple[Target, ...] = ()
    """For an undo or redo: what it takes back."""
    notes: tuple[str, ...] = ()
    """What a person must know, such as paths that no undo covers; one line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredState:
    """A `State` whose content lies in the content store."""

    kind: str
    """`text`, `binary`, `link` or `folder`."""
    digest: Digest
    """Key of the content in the store."""
    size_bytes: int
    mode: int | None
    has_bom: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One path of an entry; None is nothing there."""

    path: str
    """From the root, with `/`."""
    before: StoredState | None
    after: StoredState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One recorded change."""

    number: int
    """Counts the entries of a workspace from 1, in the order in which they began."""
    id: str
    at: datetime
    """When it began, with time zone; never earlier than the entry before, whatever the clock."""
    state: EntryState
    kind: EntryKind
    label: str
    origin: Origin
    files: tuple[FileRecord, ...]
    """Sorted by path."""
    targets: tuple[Target, ...]
    notes: tuple[str, ...]
