"""The history as a list: who changed what, how much, and what can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.journal import Entry, EntryState, FileRecord
from mcp_tools.workspace.changes import ReadState
from mcp_tools.workspace.hunks import Hunk
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.undo.outlook import Conflict, Outlooks, PathOutlook, unreadable
from mcp_tools.workspace.undo.past import Past
from mcp_tools.workspace.undo.standing import NOTHING, Part, Standing, Status

MAX_FILES = 200
"""Files of one entry up to which they are looked at for the list."""
MAX_BYTES = 32 * 1024 * 1024
"""The same for the contents of one entry."""

_ALL = Part(is_others=True)


class Answer(StrEnum):
    """Whether a change can be taken back."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
    """It is too large to be looked at for a list."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """Whether a change, an undo too, can be taken back as things are now."""

    answer: Answer
    reason: str = ""
    """Why not, or not all of it; empty for yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One entry, as a person wants to see it."""

    entry: Entry
    status: Status
    n_added: int | None
    """Lines that it put in; None if its contents are gone, or too large to be counted."""
    n_removed: int | None
    undoable: Undoable


def history(
    journal: Journal, read_state: ReadState, *, limit: int | None = 100
) -> tuple[HistoryLine, ...]:
    """Give the history, newest first; `read_state` tells what is there now.

    Raises: JournalFailed.
    """
    entries = journal.entries(limit=limit)
    teller = _Teller(journal, entries, read_state)
    return tuple(teller.line(entry) for entry in entries)


def outlooks_of(journal: Journal, entry: Entry, read_state: ReadState) -> tuple[PathOutlook, ...]:
    """Give for each path of an entry what can be taken back, and what stands in the way.

    Raises: JournalFailed.
    """
    return _Teller(journal, journal.entries(), read_state).outlooks(entry)


class _Teller:
    """Looks at one entry after the other, each as if it were the only one to be taken back."""

    def __init__(self, journal: Journal, entries: Sequence[Entry], read_state: ReadState) -> None:
        self._past = Past(journal, journal.root)
        self._standing = Standing(entries)
        self._outlooks = Outlooks(self._past, entries)
        self._read_state = read_state

    def line(self, entry: Entry) -> HistoryLine:
        status = self._standing.status(entry)
        n_added = n_removed = None
        outlooks: tuple[PathOutlook, ...] = ()
        if not _is_large(entry):
            outlooks = self.outlooks(entry)
            hunks = _hunks(outlooks)
            if hunks is not None:
                n_added = sum(hunk.new_lines.end - hunk.new_lines.first for hunk in hunks)
                n_removed = sum(hunk.old_lines.end - hunk.old_lines.first for hunk in hunks)
        return HistoryLine(
            entry=entry,
            status=status,
            n_added=n_added,
            n_removed=n_removed,
            undoable=self._undoable(entry, status, outlooks),
        )

    def outlooks(self, entry: Entry) -> tuple[PathOutlook, ...]:
        return tuple(self._look(entry, file) for file in entry.files)

    def _look(self, entry: Entry, record: FileRecord) -> PathOutlook:
        """Look at one path; of what is not to be taken back only its hunks matter."""
        path = self._past.path(record)
        is_done = entry.state is EntryState.DONE
        is_open = is_done and self._standing.is_open(entry.id, record.path)
        try:
            now = self._read_state(path) if is_open else None
        except ExpectedError as error:
            return unreadable(entry, record, path, error)
        wanted = _ALL - self._standing.gone(entry.id, record.path) if is_open else NOTHING
        taken = self._standing.taken(entry.id, record.path)
        return self._outlooks.look(entry, record, now, wanted=wanted, taken=taken)

    def _undoable(self, entry: Entry, status: Status, outlooks: Sequence[PathOutlook]) -> Undoable:
        match status:
            case Status.NOTHING if entry.state is EntryState.PENDING:
                return Undoable(Answer.NO, "it is not finished")
            case Status.NOTHING:
                return Undoable(Answer.NO, "nothing of it stayed")
            case Status.UNDONE:
                return Undoable(Answer.NO, f"taken back{self._by(entry)}")
            case _:
                if not entry.files:
                    return Undoable(Answer.NO, "it changed no file")
                if _is_large(entry):
                    return Undoable(Answer.UNKNOWN, "it is too large to be looked at for a list")
        conflicts = [conflict for outlook in outlooks for conflict in outlook.conflicts]
        n_done = sum(outlook.n_done for outlook in outlooks)
        if not conflicts:
            return Undoable(Answer.YES) if n_done else Undoable(Answer.NO, self._rest(entry))
        answer = Answer.PARTLY if n_done else Answer.NO
        return Undoable(answer, _reason(conflicts, entry))

    def _by(self, entry: Entry) -> str:
        taker = self._standing.undone_by(entry)
        return "" if taker is None else f" by #{taker.number}"

    def _rest(self, entry: Entry) -> str:
        for file in entry.files:
            if newer := self._standing.overtaken_by(entry.id, file.path):
                return f"taken back in another way by #{newer.number}"
        if all(self._standing.taken(entry.id, file.path).is_nothing for file in entry.files):
            return "it changed nothing"
        return "taken back, and made again in part by an entry after it: take that back"


def _is_large(entry: Entry) -> bool:
    states = [state for file in entry.files for state in (file.before, file.after)]
    n_bytes = sum(state.size_bytes for state in states if state is not None)
    return len(entry.files) > MAX_FILES or n_bytes > MAX_BYTES


def _hunks(outlooks: Sequence[PathOutlook]) -> list[Hunk] | None:
    """Give all hunks of an entry, or None if some of its contents cannot be read."""
    found: list[Hunk] = []
    for outlook in outlooks:
        if outlook.change is None:
            return None
        found += outlook.change.hunks
    return found


def _reason(conflicts: Sequence[Conflict], entry: Entry) -> str:
    first = conflicts[0]
    line = "" if first.line_number is None else f":{first.line_number}"
    place = "" if len(entry.files) == 1 and not line else f"{first.path.name}{line}: "
    more = f" (and {len(conflicts) - 1} more)" if len(conflicts) > 1 else ""
    return f"{place}{first.reason}{more}"
