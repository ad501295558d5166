"""Entries of the journal as rows of its database, and back.

What the database is never asked for lies in one column, as JSON.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from mcp_tools.types.journal import (
    Actor,
    Entry,
    EntryKind,
    EntryState,
    FileRecord,
    NewEntry,
    Origin,
    StoredState,
    Target,
)
from mcp_tools.types.json import JsonValue
from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.gathering import Gathering
from mcp_tools.workspace.journal.packing import Unreadable, list_of, packed, texts_of, unpacked

COLUMNS = "number, id, at_us, state, details, notes"
"""What `entry_of` wants of a row of `entries`, in this order."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def details_of(new: NewEntry, gathering: Gathering) -> bytes:
    """Give the column `details` of a new entry, and add its contents to `gathering`.

    Raises: JournalFailed if a content is too large, or a path is not below the root.
    """
    files: list[FileRecord] = []
    for transition in new.transitions:
        name = gathering.name_of(transition.path)
        before = gathering.add_state(name, transition.before)
        after = gathering.add_state(name, transition.after)
        files.append(FileRecord(path=name, before=before, after=after))
    files.sort(key=lambda file: file.path)
    return packed(
        {
            "label": new.label,
            "kind": new.kind,
            "origin": asdict(new.origin),
            "files": [asdict(file) for file in files],
            "targets": [asdict(target) for target in new.targets],
        }
    )


def entry_of(row: Sequence[object]) -> Entry:
    """Give the entry that a row holds.

    Raises: Unreadable.
    """
    try:
        return _entry_of(tuple(row))
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"a row of the undo journal is damaged: {error}") from error


def microseconds_of(at: datetime) -> int:
    """Give a moment as the database keeps it."""
    return (at - _EPOCH) // _MICROSECOND


def _entry_of(row: tuple[object, ...]) -> Entry:
    match row:
        case int(number), str(entry_id), int(at_us), str(state), bytes(details), bytes(notes):
            pass
        case _:
            raise Unreadable(f"expected the columns {COLUMNS}, got {row!r}")
    match unpacked(details):
        case {
            "label": str(label),
            "kind": str(kind),
            "origin": origin,
            "files": files,
            "targets": targets,
        }:
            return Entry(
                number=number,
                id=entry_id,
                at=_EPOCH + at_us * _MICROSECOND,
                state=EntryState(state),
                kind=EntryKind(kind),
                label=label,
                origin=_origin(origin),
                files=tuple(_file(file) for file in list_of(files)),
                targets=tuple(_target(target) for target in list_of(targets)),
                notes=texts_of(unpacked(notes)),
            )
        case other:
            raise Unreadable(f"expected the details of an entry, got {other!r}")


def _origin(value: JsonValue) -> Origin:
    match value:
        case {
            "actor": str(actor),
            "name": str(name),
            "session_id": str(session_id),
            "turn_id": str(turn_id),
            "call_id": str(call_id),
        }:
            return Origin(
                actor=Actor(actor),
                name=name,
                session_id=session_id,
                turn_id=turn_id,
                call_id=call_id,
            )
        case _:
            raise Unreadable(f"expected an origin, got {value!r}")


def _file(value: JsonValue) -> FileRecord:
    match value:
        case {"path": str(path), "before": before, "after": after}:
            return FileRecord(path=path, before=_state(before), after=_state(after))
        case _:
            raise Unreadable(f"expected a file, got {value!r}")


def _state(value: JsonValue) -> StoredState | None:
    match value:
        case None:
            return None
        case {
            "kind": str(kind),
            "digest": str(digest),
            "size_bytes": int(size_bytes),
            "mode": int() | None as mode,
            "has_bom": bool(has_bom),
        }:
            return StoredState(
                kind=kind,
                digest=Digest(digest),
                size_bytes=size_bytes,
                mode=mode,
                has_bom=has_bom,
            )
        case _:
            raise Unreadable(f"expected a state, got {value!r}")


def _target(value: JsonValue) -> Target:
    match value:
        case {"entry_id": str(entry_id), "path": str() | None as path, "hunk_ids": hunk_ids}:
            return Target(entry_id=entry_id, path=path, hunk_ids=texts_of(hunk_ids))
        case _:
            raise Unreadable(f"expected a target, got {value!r}")
