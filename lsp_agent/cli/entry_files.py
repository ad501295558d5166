"""The files of one entry of the history, with what is kept of their contents."""

from dataclasses import dataclass

from lsp_agent.cli.beside_diff import beside_diff
from mcp_tools.types.errors import ExpectedError, JournalFailed, NotFound
from mcp_tools.types.journal import Entry, FileRecord
from mcp_tools.workspace.changes import ReadState, change_between, diff_between
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.undo.history_lines import HistoryLine
from mcp_tools.workspace.undo.outlook import Conflict, Outlooks
from mcp_tools.workspace.undo.past import Past, PathChange
from mcp_tools.workspace.undo.standing import NOTHING, Part, Standing, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOfEntry:
    """One path of an entry."""

    record: FileRecord
    change: PathChange | None
    """None if its contents are not kept any more."""
    undone: Part
    """The hunks that were taken back already."""
    conflicts: tuple[Conflict, ...]
    """Where it was changed again since, so that an undo leaves it alone."""


def files_of(line: HistoryLine, journal: Journal, read_state: ReadState) -> tuple[FileOfEntry, ...]:
    """Give the files of an entry; `read_state` tells what is there now.

    Raises: JournalFailed.
    """
    entries = journal.entries()
    standing, past = Standing(entries), Past(journal, journal.root)
    outlooks = Outlooks(past, entries)
    is_open = line.status in (Status.APPLIED, Status.PARTLY_UNDONE)
    found: list[FileOfEntry] = []
    for record in line.entry.files:
        taken = standing.taken(line.entry.id, record.path)
        try:
            now = read_state(past.path(record)) if is_open else None
            wanted = Part(is_others=True) if is_open else NOTHING
        except ExpectedError:
            now, wanted = None, NOTHING
        outlook = outlooks.look(line.entry, record, now, wanted=wanted, taken=taken)
        found.append(
            FileOfEntry(
                record=record, change=outlook.change, undone=taken, conflicts=outlook.conflicts
            )
        )
    return tuple(found)


def entry_diff(entry: Entry, journal: Journal) -> str:
    """Give what an entry did as a unified diff, as far as its contents can be read."""
    past = Past(journal, journal.root)
    changes: list[PathChange] = []
    for record in entry.files:
        try:
            changes.append(past.change(record))
        except (NotFound, JournalFailed):
            continue
    before = {change.path: change.before for change in changes}
    after = {change.path: change.after for change in changes}
    beside = beside_diff(change_between(entry.label, before, after), journal.root)
    return beside + diff_between(before, after, journal.root)
