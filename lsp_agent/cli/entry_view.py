"""Entries of the history as text: who changed what, when, and whether it can be undone."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lsp_agent.cli.entry_files import FileOfEntry
from lsp_agent.cli.moments import full, short
from lsp_agent.cli.opening import named
from lsp_agent.cli.review_view import show_hunk
from lsp_agent.cli.terminal import Terminal
from mcp_tools.types.journal import Entry, EntryState
from mcp_tools.workspace.undo.history_lines import Answer, HistoryLine

_ANSWERS = {
    Answer.YES: "can be undone",
    Answer.PARTLY: "can be undone in part",
    Answer.NO: "cannot be undone",
    Answer.UNKNOWN: "can perhaps be undone",
}
_MAX_FILES = 3


def show_line(line: HistoryLine, now: datetime, terminal: Terminal) -> None:
    """Print an entry in three short lines."""
    entry = line.entry
    terminal.result(f"#{entry.number}  {short(entry.at, now)}  {_title(entry)}", style="bold")
    files = named((file.path for file in entry.files), at_most=_MAX_FILES) or "no file"
    terminal.result(f"    {_counts(line)} in {files}, by {_who(entry)}")
    terminal.result(f"    {_undoable(line)}", style=_style(line))


def show_entry(
    line: HistoryLine, files: Sequence[FileOfEntry], root: Path, terminal: Terminal
) -> None:
    """Print an entry with all its hunks, and with what stands in the way of an undo."""
    entry = line.entry
    facts = {
        "id": entry.id,
        "when": full(entry.at.astimezone()),
        "who": _who(entry),
        "turn": entry.origin.turn_id,
        "session": entry.origin.session_id,
        "lines": _counts(line),
    }
    terminal.result(f"#{entry.number}  {_title(entry)}", style="bold")
    for name, fact in facts.items():
        if fact:
            terminal.result(f"{name}: {fact}")
    terminal.result(_undoable(line), style=_style(line))
    for note in entry.notes:
        terminal.result(f"note: {note}", style="yellow")
    for file in files:
        _show_file(file, root, terminal)


def _show_file(file: FileOfEntry, root: Path, terminal: Terminal) -> None:
    for hunk in file.change.hunks if file.change else ():
        show_hunk(hunk, file.change and file.change.before, root, terminal)
        if hunk.id in file.undone:
            terminal.result("This was taken back.", style="yellow")
    for conflict in file.conflicts:
        line = "" if conflict.line_number is None else f":{conflict.line_number}"
        terminal.result(f"{file.record.path}{line}: {conflict.reason}", style="yellow")


def _title(entry: Entry) -> str:
    match entry.state:
        case EntryState.DONE:
            return entry.label
        case EntryState.PENDING | EntryState.FAILED | EntryState.INTERRUPTED:
            return f"{entry.label} ({entry.state.value})"


def _who(entry: Entry) -> str:
    origin = entry.origin
    return f"{origin.actor.value} ({origin.name})" if origin.name else origin.actor.value


def _counts(line: HistoryLine) -> str:
    if line.n_added is None or line.n_removed is None:
        return "not counted lines"
    return f"+{line.n_added} -{line.n_removed}"


def _undoable(line: HistoryLine) -> str:
    answer, reason = line.undoable.answer, line.undoable.reason
    return f"{_ANSWERS[answer]}: {reason}" if reason else _ANSWERS[answer]


def _style(line: HistoryLine) -> str:
    return "" if line.undoable.answer is Answer.YES else "yellow"
