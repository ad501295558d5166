"""Taking recorded changes back over what is there now: nothing typed is lost.

Entries are taken back the newest first, each path from what the one before has left, beginning
with what is there now, unsaved text included. To make an undone change again is the same: what
is taken back then is the undo.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import ExpectedError, NotFound, StaleEdit
from mcp_tools.types.journal import Entry, EntryKind, EntryState, FileRecord, Target
from mcp_tools.workspace.changes import ReadState, change_between
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.undo.outlook import (
    Conflict,
    Outlooks,
    PathOutlook,
    left_alone,
    unreadable,
)
from mcp_tools.workspace.undo.past import Past
from mcp_tools.workspace.undo.rewound import ReadEntries, Rewound
from mcp_tools.workspace.undo.standing import NOTHING, Part, Standing

_MAX_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPlan:
    """What an undo or a redo is going to do."""

    changes: ChangeSet
    """For what is there now. Empty if all is already as it is to be: to record that is right
    too, since the entries are undone from then on."""
    conflicts: tuple[Conflict, ...]
    targets: tuple[Target, ...]
    """What is taken back by it, for its own entry in the journal; without the conflicts."""
    label: str
    kind: EntryKind
    """`UNDO`, or `REDO` when what is taken back is an undo."""


def plan_undo(
    journal: Journal,
    root: Path,
    read_state: ReadState,
    targets: Sequence[Target],
    *,
    read_entries: ReadEntries,
) -> UndoPlan:
    """Plan to take back some entries, or parts of them; nothing is changed.

    `read_state` and `read_entries` tell what is there now, unsaved text included.
    Raises: NotFound for a target that is not there; StaleEdit, with all that stands in the way,
        if nothing can be taken back; JournalFailed.
    """
    rewind = _Rewind(journal, root, read_state)
    for entry, wanted in _by_entry(rewind.entries, targets):
        rewind.take(entry, wanted)
    rewind.settle(read_entries)
    return rewind.plan()


@dataclass(frozen=True, slots=True)
class _Taking:
    """An entry, what of it is wanted, and what comes of its paths."""

    entry: Entry
    wanted: Sequence[Target]
    outlooks: list[PathOutlook]

    def done(self) -> tuple[Target, ...]:
        """Give what of the entry is taken back."""
        entry_id = self.entry.id
        is_whole = any(target.path is None for target in self.wanted)
        if is_whole and all(outlook.done.is_all for outlook in self.outlooks):
            return (Target(entry_id=entry_id),)
        parts = [
            Target(entry_id=entry_id, path=o.record.path, hunk_ids=tuple(sorted(o.done.ids)))
            for o in self.outlooks
            if o.n_done
        ]
        # An undo may stand for a path that was as it should be, so that it did not change it.
        own = {file.path for file in self.entry.files}
        bare = {target.path for target in self.wanted} - own
        return (*parts, *(Target(entry_id=entry_id, path=path) for path in bare if path))


class _Rewind:
    """What comes of taking back entry after entry."""

    def __init__(self, journal: Journal, root: Path, read_state: ReadState) -> None:
        self.entries = journal.entries()
        self._root = root
        self._outlooks = Outlooks(Past(journal, root), self.entries)
        self._standing = Standing(self.entries)
        self._rewound = Rewound(root, read_state)
        self._takings: list[_Taking] = []
        self._remarks: list[str] = []

    def take(self, entry: Entry, targets: Sequence[Target]) -> None:
        names = self._standing.paths(entry.id)
        for target in targets:
            if target.path is not None and target.path not in names:
                raise NotFound(f"#{entry.number} did not change {target.path!r}")
        outlooks: list[PathOutlook] = []
        for record in entry.files:
            wanted = _wanted_of(record, targets)
            if not wanted.is_nothing:
                outlooks.append(self._take_path(entry, record, wanted))
        taking = _Taking(entry, targets, outlooks)
        self._takings.append(taking)
        for target in taking.done():
            self._standing.take("", target)

    def settle(self, read_entries: ReadEntries) -> None:
        """Leave alone what a file system would refuse."""
        settled = self._rewound.settle(read_entries)
        for path, child in settled.folders.items():
            name = path.relative_to(self._root).as_posix()
            self._remarks.append(f"the folder {name!r} stays, there is {child!r} in it by now")
        for taking in self._takings:
            for n, outlook in enumerate(taking.outlooks):
                if outlook.path in settled.left and outlook.n_done:
                    taking.outlooks[n] = left_alone(outlook, settled.left[outlook.path])

    def plan(self) -> UndoPlan:
        outlooks = [outlook for taking in self._takings for outlook in taking.outlooks]
        conflicts: dict[tuple[Path, int | None], Conflict] = {}
        for conflict in (conflict for outlook in outlooks for conflict in outlook.conflicts):
            # A change and a redo of it may stumble over the same place.
            conflicts.setdefault((conflict.path, conflict.line_number), conflict)
        if conflicts and not any(outlook.n_done for outlook in outlooks):
            raise StaleEdit(_all_conflicts(tuple(conflicts.values()), self._root))
        targets = tuple(target for taking in self._takings for target in taking.done())
        kind, label = _naming([taking.entry for taking in self._takings], targets)
        changes = change_between(label, self._rewound.now, self._rewound.then)
        return UndoPlan(
            changes=replace(changes, annotations=tuple(self._remarks)),
            conflicts=tuple(conflicts.values()),
            targets=targets,
            label=label,
            kind=kind,
        )

    def _take_path(self, entry: Entry, record: FileRecord, wanted: Part) -> PathOutlook:
        path = self._root / record.path
        try:
            now = self._rewound.state(path)
        except ExpectedError as error:
            return unreadable(entry, record, path, error)
        taken = self._standing.taken(entry.id, record.path)
        wanted -= self._standing.gone(entry.id, record.path)
        outlook = self._outlooks.look(entry, record, now, wanted=wanted, taken=taken)
        if outlook.change is not None:
            self._rewound.put(path, outlook.state)
        return outlook


def _by_entry(
    entries: Sequence[Entry], targets: Sequence[Target]
) -> list[tuple[Entry, list[Target]]]:
    """Give the entries of some targets with them, the newest first."""
    by_id: dict[str, list[Target]] = {}
    for target in targets:
        by_id.setdefault(target.entry_id, []).append(target)
    found = [(entry, by_id.pop(entry.id)) for entry in entries if entry.id in by_id]
    for entry_id in by_id:
        raise NotFound(f"there is no entry {entry_id!r} in the history any more")
    for entry, _ in found:
        if entry.state is not EntryState.DONE:
            raise NotFound(f"#{entry.number} was not made to its end, so nothing is to take back")
    return sorted(found, key=lambda pair: -pair[0].number)


def _wanted_of(record: FileRecord, targets: Sequence[Target]) -> Part:
    wanted = NOTHING
    for target in targets:
        if target.path in (None, record.path):
            wanted |= Part(frozenset(target.hunk_ids), is_others=not target.hunk_ids)
    return wanted


def _naming(entries: Sequence[Entry], targets: Sequence[Target]) -> tuple[EntryKind, str]:
    is_redo = bool(entries) and all(entry.kind is EntryKind.UNDO for entry in entries)
    kind, verb = (EntryKind.REDO, "Redo") if is_redo else (EntryKind.UNDO, "Undo")
    changes = [entry for entry in entries if entry.kind is EntryKind.CHANGE]
    titles = [_title(entry) for entry in changes or entries]
    if not titles:
        return kind, verb
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    in_part = " (in part)" if any(target.path is not None for target in targets) else ""
    return kind, f"{verb}: {titles[0]}{more}{in_part}"


def _title(entry: Entry) -> str:
    if entry.kind is EntryKind.CHANGE:
        return entry.label
    return entry.label.removeprefix("Undo: ").removeprefix("Redo: ").removesuffix(" (in part)")


def _all_conflicts(conflicts: Sequence[Conflict], root: Path) -> str:
    listed = [
        f"{conflict.path.relative_to(root).as_posix()}{_line(conflict)}: {conflict.reason}"
        for conflict in conflicts[:_MAX_LISTED]
    ]
    n_more = len(conflicts) - len(listed)
    more = f"; and {n_more} more" if n_more else ""
    return f"nothing was taken back, what is there now was kept: {'; '.join(listed)}{more}"


def _line(conflict: Conflict) -> str:
    return "" if conflict.line_number is None else f", line {conflict.line_number}"
