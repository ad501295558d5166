"""What of a recorded change can be taken back, and what stands in the way.

Each path is looked at alone. Whoever takes back several entries asks for one after the other,
the newest first, each with what the one before has left.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.types.errors import ExpectedError, JournalFailed, NotFound
from mcp_tools.types.journal import Entry, EntryKind, EntryState, FileRecord
from mcp_tools.workspace.hunks import Hunk, HunkKind
from mcp_tools.workspace.undo.past import Past, PathChange
from mcp_tools.workspace.undo.reverting import LeftHunk, revert
from mcp_tools.workspace.undo.standing import NOTHING, Part, Standing

_MAX_EXPLAINED = 8
"""Hunks of one path of which is found out who touched them; the rest are said to be touched."""
_SOMEBODY = "a later edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A place that is left alone, since it is not any more as the change had left it."""

    path: Path
    line_number: int | None
    """From 1, in the text of now; None where it is about the whole path."""
    reason: str
    """A sentence without the place in it."""
    entry: Entry
    """The entry that is not taken back here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathOutlook:
    """What comes of taking back one path of an entry."""

    entry: Entry
    record: FileRecord
    path: Path
    change: PathChange | None
    """None if its contents cannot be read any more."""
    state: State | None
    """What the path holds then; without a meaning where `change` is None."""
    done: Part = NOTHING
    """The hunks that are gone then; all of them if nothing of the path stands any more."""
    n_done: int = 0
    """How many of them were not taken back before."""
    conflicts: tuple[Conflict, ...] = ()


def unreadable(entry: Entry, record: FileRecord, path: Path, error: ExpectedError) -> PathOutlook:
    """Give the outlook of a path where a content, of then or of now, cannot be read."""
    outlook = PathOutlook(entry=entry, record=record, path=path, change=None, state=None)
    return left_alone(outlook, str(error))


def left_alone(outlook: PathOutlook, reason: str) -> PathOutlook:
    """Give the outlook of a path of which nothing can be taken back."""
    conflict = Conflict(path=outlook.path, line_number=None, reason=reason, entry=outlook.entry)
    conflicts = (*outlook.conflicts, conflict)
    return replace(outlook, done=NOTHING, n_done=0, conflicts=conflicts)


class Outlooks:
    """Looks at paths of the entries of one journal."""

    def __init__(self, past: Past, entries: Sequence[Entry]) -> None:
        """Take the entries of the journal, to name those that stand in the way."""
        self._past = past
        standing = Standing(entries)
        self._touching: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(entries, key=lambda entry: entry.number):
            if entry.kind is EntryKind.CHANGE and entry.state is EntryState.DONE:
                for file in entry.files:
                    if standing.stands(entry.id, file.path):
                        self._touching[file.path].append(entry)

    def look(
        self, entry: Entry, record: FileRecord, now: State | None, *, wanted: Part, taken: Part
    ) -> PathOutlook:
        """Take the wanted hunks of a path, without those that are taken already, out of `now`.

        Raises: NotFound if there is no hunk with a wanted id.
        """
        path = self._past.path(record)
        try:
            change = self._past.change(record)
        except (NotFound, JournalFailed) as error:
            return unreadable(entry, record, path, error)
        _check(wanted, change, entry)
        chosen = [hunk for hunk in change.hunks if hunk.id in wanted and hunk.id not in taken]
        reverted = revert(change, chosen, now)
        gone = {hunk.id for hunk in reverted.done}
        is_all = all(hunk.id in gone or hunk.id in taken for hunk in change.hunks)
        return PathOutlook(
            entry=entry,
            record=record,
            path=path,
            change=change,
            state=reverted.state,
            done=Part(is_others=True) if is_all else Part(frozenset(gone)),
            n_done=len(gone),
            conflicts=tuple(self._conflicts(entry, change, reverted.left, now)),
        )

    def _conflicts(
        self, entry: Entry, change: PathChange, left: Sequence[LeftHunk], now: State | None
    ) -> Sequence[Conflict]:
        names = [
            self._toucher(entry, change, item.hunk, now) if n < _MAX_EXPLAINED else _SOMEBODY
            for n, item in enumerate(left)
        ]
        return [
            Conflict(
                path=change.path,
                line_number=item.line_number,
                reason=_reason(change, item, name, now),
                entry=entry,
            )
            for item, name in zip(left, names, strict=True)
        ]

    def _toucher(self, entry: Entry, change: PathChange, hunk: Hunk, now: State | None) -> str:
        """Say who touched a hunk: the entry after which it did not fit any more."""

        def fits(state: State | None) -> bool:
            return not revert(change, (hunk,), state).left

        later = [e for e in self._touching[change.name] if e.number > entry.number]
        try:
            return self._first_unfit(later, change.name, fits)
        except (NotFound, JournalFailed):
            return _SOMEBODY

    def _first_unfit(
        self, later: Sequence[Entry], name: str, fits: Callable[[State | None], bool]
    ) -> str:
        """Search by halves; it fitted before all of them, and does not fit now."""
        low, high = 0, len(later)
        while low < high:
            middle = (low + high) // 2
            if fits(self._change(later[middle], name).after):
                low = middle + 1
            else:
                high = middle
        if low == len(later) or not fits(self._change(later[low], name).before):
            return _SOMEBODY
        return f"#{later[low].number} {later[low].label!r}"

    def _change(self, entry: Entry, name: str) -> PathChange:
        return self._past.change(next(file for file in entry.files if file.path == name))


def _check(wanted: Part, change: PathChange, entry: Entry) -> None:
    known = {hunk.id for hunk in change.hunks}
    if not wanted.is_others and (unknown := sorted(wanted.ids - known)):
        raise NotFound(
            f"#{entry.number} has no hunk {unknown[0]!r} in {change.path.name!r}; "
            f"it has {', '.join(sorted(known)) or 'none'}"
        )


def _reason(change: PathChange, left: LeftHunk, name: str, now: State | None) -> str:
    match left.hunk.kind:
        case HunkKind.LINES if now is None:
            return "it is gone since then"
        case HunkKind.LINES if left.line_number is None:
            return "it is no text file any more"
        case HunkKind.LINES:
            return f"these lines were changed again by {name}"
        case HunkKind.MODE:
            return f"its permissions were changed again by {name}"
        case HunkKind.WHOLE if change.before is None:
            return f"it was changed by {name} after it was made, so it was not removed"
        case HunkKind.WHOLE if change.after is None:
            return f"there is something else now, by {name}"
        case HunkKind.WHOLE:
            return f"it was replaced or changed again by {name}"
