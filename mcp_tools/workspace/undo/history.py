"""The recorded changes: what became of each, and which of them an undo or a redo is about.

The list of them for a person is in `history_lines.py`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mcp_tools.types.errors import NotFound
from mcp_tools.types.journal import Entry, EntryKind, EntryState, Target
from mcp_tools.workspace.undo.standing import Standing, Status

_MIN_PREFIX = 4
_NUMBER = re.compile(r"#?([0-9]{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What to take back: all that fits each field which is set; if none is, the newest."""

    entry_id: str | None = None
    """An id, the first four letters of it or more, or a number as `7` or `#7`."""
    path: Path | None = None
    """One file, or all in one folder; alone, the newest change of it."""
    hunk_id: str | None = None
    """One hunk of the named entry."""
    turn_id: str | None = None
    session_id: str | None = None
    since: datetime | None = None
    """All that began after this moment; with a time zone."""
    after_id: str | None = None
    """All that began after this entry, named as in `entry_id`."""


def statuses(entries: Sequence[Entry]) -> Mapping[str, Status]:
    """Give what became of each entry, by its id; all that came after them must be there too."""
    standing = Standing(entries)
    return {entry.id: standing.status(entry) for entry in entries}


def select(entries: Sequence[Entry], scope: Scope, root: Path) -> tuple[Target, ...]:
    """Give what an undo is to take back, the newest first.

    The newest is the last change or redo that stands. Back to a point in time are all entries
    since then, undos and undone ones too: taken back in turn, they lead exactly there.
    Raises: NotFound, with what to do, if there is nothing.
    """
    return _Selection(entries, scope, root).of_undo()


def select_redo(entries: Sequence[Entry], scope: Scope, root: Path) -> tuple[Target, ...]:
    """Give the undos that a redo is to take back, the newest first.

    A change may be named instead of its undo. A turn or session means the undos of it alone.
    Raises: NotFound, with what to do, if there is nothing.
    """
    return _Selection(entries, scope, root).of_redo()


class _Selection:
    """The entries that one scope means."""

    def __init__(self, entries: Sequence[Entry], scope: Scope, root: Path) -> None:
        self._entries = sorted(entries, key=lambda entry: -entry.number)
        self._by_id = {entry.id: entry for entry in entries}
        self._scope = scope
        self._standing = Standing(entries)
        self._name = _name(scope.path, root)
        after = None if scope.after_id is None else self._named(scope.after_id)
        self._after_number = 0 if after is None else after.number
        self._is_filtered = bool(scope.turn_id or scope.session_id)
        self._is_point = scope.since is not None or scope.after_id is not None

    def of_undo(self) -> tuple[Target, ...]:
        scope = self._scope
        if scope.entry_id:
            return self._of_entry(self._named(scope.entry_id))
        if scope.hunk_id:
            raise NotFound("a hunk is taken back out of one change: name that too")
        if self._is_point and not self._is_filtered:
            return self._of_all()
        if self._is_filtered:
            return self._of_changes(self._fitting((EntryKind.CHANGE,)))
        return self._newest((EntryKind.CHANGE, EntryKind.REDO))

    def of_redo(self) -> tuple[Target, ...]:
        if self._scope.entry_id:
            return self._of_entry(self._undo_of(self._named(self._scope.entry_id)))
        if self._scope.hunk_id:
            raise NotFound("a hunk is made again out of one undo: name that too")
        if not self._is_filtered and not self._is_point:
            return self._newest((EntryKind.UNDO,))
        undos = [undo for undo in self._fitting((EntryKind.UNDO,)) if self._is_of_scope(undo)]
        return self._targets(undos, self._is_open)

    def _of_all(self) -> tuple[Target, ...]:
        entries = [entry for entry in self._fitting(EntryKind) if self._paths(entry)]
        if not entries:
            raise NotFound("nothing was changed since then")
        return self._targets(entries, lambda _entry, _path: True)

    def _of_entry(self, entry: Entry) -> tuple[Target, ...]:
        if entry.state is not EntryState.DONE:
            raise NotFound(f"{_said(entry)} was not made to its end, so there is nothing to undo")
        if not entry.files and entry.kind is EntryKind.CHANGE:
            raise NotFound(f"{_said(entry)} changed no file")
        if self._name is not None and not self._paths(entry):
            raise NotFound(f"{_said(entry)} did not change {self._name!r}")
        if self._scope.hunk_id:
            return (self._of_hunk(entry, self._scope.hunk_id),)
        if entry.kind is EntryKind.CHANGE:
            return self._of_changes([entry])
        if not any(self._standing.is_open(entry.id, path) for path in self._paths(entry)):
            raise self._nothing(entry)
        return self._targets([entry], self._is_open)

    def _of_hunk(self, entry: Entry, hunk_id: str) -> Target:
        paths = self._paths(entry)
        if len(paths) != 1:
            raise NotFound(f"{_said(entry)} changed {len(paths)} files: name the one of the hunk")
        if hunk_id in self._standing.gone(entry.id, paths[0]):
            raise self._nothing(entry)
        return Target(entry_id=entry.id, path=paths[0], hunk_ids=(hunk_id,))

    def _of_changes(self, changes: Sequence[Entry]) -> tuple[Target, ...]:
        """Give changes, with the redos that made only them again: these are nearer to now."""
        wanted = {
            (entry.id, path)
            for entry in changes
            for path in self._paths(entry)
            if self._standing.stands(entry.id, path)
        }
        chosen = {pair for pair in wanted if self._standing.is_open(*pair)}
        for redo in self._fitting((EntryKind.REDO,)):
            paths = [path for path in self._paths(redo) if self._is_open(redo, path)]
            roots = {path: self._roots(redo, path) for path in paths}
            fitting = [path for path in paths if roots[path] and roots[path] <= wanted]
            for path in fitting:
                chosen |= {(redo.id, path), *roots[path]}
            if fitting and all(path in fitting or not roots[path] for path in paths):
                # What it made besides, such as a missing folder, belongs to all of it.
                chosen |= {(redo.id, path) for path in paths}
        entries = [entry for entry in self._entries if any(key == entry.id for key, _ in chosen)]
        if not entries and len(changes) == 1:
            raise self._nothing(changes[0])
        return self._targets(entries, lambda entry, path: (entry.id, path) in chosen)

    def _roots(self, entry: Entry, path: str) -> frozenset[tuple[str, str]]:
        return frozenset((key, path) for key in self._standing.roots(entry.id, path))

    def _newest(self, kinds: Iterable[EntryKind]) -> tuple[Target, ...]:
        for entry in self._fitting(kinds):
            if any(self._is_open(entry, path) for path in self._paths(entry)):
                return self._targets([entry], self._is_open)
        of_path = "" if self._name is None else f" of {self._name!r}"
        if EntryKind.UNDO in kinds:
            raise NotFound(f"there is no undo{of_path} that could be made again")
        raise NotFound(f"there is no change{of_path} in the history that is not undone yet")

    def _is_open(self, entry: Entry, path: str) -> bool:
        return self._standing.is_open(entry.id, path)

    def _is_left(self, entry: Entry, path: str) -> bool:
        return not self._standing.gone(entry.id, path).is_all

    def _fitting(self, kinds: Iterable[EntryKind]) -> list[Entry]:
        """Give the entries that were made, of some kinds, that the scope means; newest first."""
        kinds = tuple(kinds)
        return [
            entry
            for entry in self._entries
            if entry.state is EntryState.DONE
            and entry.kind in kinds
            and (self._scope.since is None or entry.at > self._scope.since)
            and entry.number > self._after_number
            and (entry.kind is not EntryKind.CHANGE or self._is_of_turn(entry))
        ]

    def _is_of_turn(self, entry: Entry) -> bool:
        scope, origin = self._scope, entry.origin
        is_of_turn = not scope.turn_id or origin.turn_id == scope.turn_id
        return is_of_turn and (not scope.session_id or origin.session_id == scope.session_id)

    def _is_of_scope(self, undo: Entry) -> bool:
        roots = {root for path in self._paths(undo) for root in self._standing.roots(undo.id, path)}
        return bool(roots) and all(self._is_of_turn(self._by_id[root]) for root in roots)

    def _paths(self, entry: Entry) -> tuple[str, ...]:
        """Give the paths of an entry that the scope means."""
        paths = self._standing.paths(entry.id)
        return tuple(path for path in paths if self._name is None or _is_in(path, self._name))

    def _targets(
        self, entries: Iterable[Entry], is_wanted: Callable[[Entry, str], bool]
    ) -> tuple[Target, ...]:
        found: list[Target] = []
        for entry in entries:
            every = self._standing.paths(entry.id)
            wanted = [path for path in self._paths(entry) if is_wanted(entry, path)]
            rest = [p for p in every if p not in wanted and self._is_left(entry, p)]
            if wanted and not rest:
                found.append(Target(entry_id=entry.id))
            else:
                found += [Target(entry_id=entry.id, path=path) for path in wanted]
        if not found:
            raise NotFound("there is no such change in the history that is not undone yet")
        return tuple(found)

    def _undo_of(self, entry: Entry) -> Entry:
        """Give the undo that a redo of an entry means."""
        if entry.kind is EntryKind.UNDO:
            return entry
        if entry.kind is EntryKind.REDO:
            raise NotFound(f"{_said(entry)} is a redo; undo it instead")
        undo = self._standing.undone_by(entry)
        if undo is None:
            raise NotFound(f"{_said(entry)} is not undone, so there is nothing to make again")
        roots = {
            root
            for path in self._standing.paths(undo.id)
            for root in self._standing.roots(undo.id, path)
        }
        if roots != {entry.id}:
            raise NotFound(
                f"{_said(entry)} was undone together with other changes; redo #{undo.number}"
            )
        return undo

    def _nothing(self, entry: Entry) -> NotFound:
        overtaking = (self._standing.overtaken_by(entry.id, path) for path in self._paths(entry))
        taker = next(filter(None, overtaking), None) or self._standing.undone_by(entry)
        if taker is None:
            return NotFound(f"there is nothing of {_said(entry)} to take back")
        verb = "redo" if taker.kind is EntryKind.UNDO else "undo"
        return NotFound(f"{_said(entry)} is taken back already, by #{taker.number}; {verb} that")

    def _named(self, name: str) -> Entry:
        name = name.strip().lower()
        if match := _NUMBER.fullmatch(name):
            found = [entry for entry in self._entries if entry.number == int(match[1])]
        elif len(name) < _MIN_PREFIX:
            raise NotFound(
                f"expected the number of an entry, or {_MIN_PREFIX} letters of its id, got {name!r}"
            )
        else:
            found = [entry for entry in self._entries if entry.id.startswith(name)]
        if not found:
            raise NotFound(f"there is no entry {name!r} in the history")
        if len(found) > 1:
            numbers = ", ".join(_said(entry) for entry in found[:5])
            raise NotFound(f"{name!r} fits several entries: {numbers}")
        return found[0]


def _name(path: Path | None, root: Path) -> str | None:
    """Give a path from the root, with `/`."""
    if path is None:
        return None
    try:
        return (root / path).relative_to(root).as_posix()
    except ValueError:
        raise NotFound(
            f"{path.name!r} is not in the workspace, so nothing is recorded of it"
        ) from None


def _is_in(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}/") or name == "."


def _said(entry: Entry) -> str:
    return f"#{entry.number} {entry.label!r}"
