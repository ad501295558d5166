"""Entries of the history as JSON; the README documents it, and scripts depend on it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from lsp_agent.cli.entry_files import FileOfEntry
from lsp_agent.cli.hunk_view import hunk_json
from mcp_tools.types.errors import NotFound
from mcp_tools.types.journal import FileRecord, Target
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.undo.history_lines import HistoryLine


def line_json(line: HistoryLine, journal: Journal) -> dict[str, object]:
    """Give an entry as it is in the list."""
    entry, origin = line.entry, line.entry.origin
    return {
        "number": entry.number,
        "id": entry.id,
        "at": entry.at.isoformat(),
        "label": entry.label,
        "actor": origin.actor.value,
        "name": origin.name,
        "session": origin.session_id,
        "turn": origin.turn_id,
        "kind": entry.kind.value,
        "state": entry.state.value,
        "status": line.status.value,
        "undoable": line.undoable.answer.value,
        "reason": line.undoable.reason or None,
        "added": line.n_added,
        "removed": line.n_removed,
        "files": [_file_json(file) for file in entry.files],
        "targets": targets_json(entry.targets, journal),
        "notes": list(entry.notes),
    }


def entry_json(
    line: HistoryLine, files: Sequence[FileOfEntry], journal: Journal
) -> dict[str, object]:
    """Give an entry with its hunks, and with what stands in the way of an undo."""
    conflicts = [
        conflict_json(conflict.path, conflict.line_number, conflict.reason, journal.root)
        for file in files
        for conflict in file.conflicts
    ]
    with_hunks = [_file_json(f.record) | {"hunks": _hunks_json(f, journal.root)} for f in files]
    return line_json(line, journal) | {"files": with_hunks, "conflicts": conflicts}


def targets_json(targets: Iterable[Target], journal: Journal) -> list[dict[str, object]]:
    """Give what an undo or redo took back; a number is null where the entry is gone."""
    return [
        {
            "number": _number(target.entry_id, journal),
            "id": target.entry_id,
            "path": target.path,
            "hunks": list(target.hunk_ids),
        }
        for target in targets
    ]


def conflict_json(path: Path, line: int | None, reason: str, root: Path) -> dict[str, object]:
    """Give a place that an undo leaves alone; lines count from 1."""
    return {"path": path.relative_to(root).as_posix(), "line": line, "reason": reason}


def _file_json(record: FileRecord) -> dict[str, object]:
    return {
        "path": record.path,
        "before": record.before.kind if record.before else None,
        "after": record.after.kind if record.after else None,
    }


def _hunks_json(file: FileOfEntry, root: Path) -> list[dict[str, object]] | None:
    if file.change is None:
        return None
    return [
        hunk_json(hunk, file.change.before, root) | {"undone": hunk.id in file.undone}
        for hunk in file.change.hunks
    ]


def _number(entry_id: str, journal: Journal) -> int | None:
    try:
        return journal.entry(entry_id).number
    except NotFound:
        return None
