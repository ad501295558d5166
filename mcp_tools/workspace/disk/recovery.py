"""After a process was killed while it changed files: finish the change, or take it back.

The journal's pending entry holds what was at each path before and what was to come. What is
there now is one of the two, since files are replaced whole; anything else was written by a
person or another program since, and stays. Killed in its turn, a recovery is done again.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mcp_tools.types.contents import Folder, State
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.journal import Entry, FileRecord, StoredState
from mcp_tools.workspace.changes import ReadState
from mcp_tools.workspace.disk.exact_names import exact_reader
from mcp_tools.workspace.disk.placing import remove_file
from mcp_tools.workspace.disk.plan import (
    Wanted,
    fits,
    plan,
    temporary_name,
    temporary_prefix,
)
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.steps import Site
from mcp_tools.workspace.disk.transaction import carry_out
from mcp_tools.workspace.journal.journal import Journal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What became of one change whose process was killed."""

    entry: Entry
    """As the journal has it now; still pending if files could not be put back."""
    put_back: tuple[str, ...]
    """Paths from the root that are again as they were before the change."""
    left: tuple[str, ...]
    """Paths that were left as they are: changed by others since, or used by them.

    If the entry is still pending, all of its paths: some of them could not be put back.
    """
    is_finished: bool
    """The change had been made whole, and stays."""


def recover(journal: Journal, source: DiskSource) -> tuple[Recovered, ...]:
    """Settle each change that a killed process left behind, the newest first.

    An entry whose files cannot be put back now, such as on a full disk, stays pending, so that
    the next start tries again; nothing of it has changed then. Raises: JournalFailed.
    """
    if not journal.unfinished():
        return ()
    with journal.writing():
        # Another process may have been quicker while we waited.
        return tuple(_recover(journal, source, entry) for entry in journal.unfinished())


class _Finding(Enum):
    OLD = auto()
    """As before the change."""
    NEW = auto()
    BETWEEN = auto()
    """Something that only a step cut in two leaves behind."""
    UNCHANGED = auto()
    """Before and after are the same."""
    FOREIGN = auto()
    """Written by somebody else since, or not readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    name: str
    path: Path
    finding: _Finding
    now: State | None = None
    before: State | None = None


def _recover(journal: Journal, source: DiskSource, entry: Entry) -> Recovered:
    paths = {record.path: source.root / record.path for record in entry.files}
    scene = _Scene(source, entry, exact_reader(source, paths.values()))
    try:
        found = [_look(journal, scene, record) for record in entry.files]
        if {item.finding for item in found} <= {_Finding.NEW, _Finding.UNCHANGED}:
            return _finish(journal, scene)
        return _take_back(journal, scene, found)
    except ExpectedError as error:
        logger.warning("the change %s could not be taken back: %s", entry.id, error)
        return Recovered(entry=entry, put_back=(), left=tuple(paths), is_finished=False)


def _finish(journal: Journal, scene: "_Scene") -> Recovered:
    scene.sweep()
    notes = ("its process was killed when all had been written",)
    entry = journal.finish(scene.entry.id, notes=notes)
    return Recovered(entry=entry, put_back=(), left=(), is_finished=True)


def _take_back(journal: Journal, scene: "_Scene", found: list[_Found]) -> Recovered:
    made = {f.path: f for f in found if f.finding in (_Finding.NEW, _Finding.BETWEEN)}
    back = scene.without_used_folders(made)
    scene.put_back(back)
    scene.sweep()
    names = tuple(sorted(item.name for item in back.values()))
    foreign = [f.name for f in found if f.finding is _Finding.FOREIGN]
    used = [item.name for path, item in made.items() if path not in back]
    left = tuple(sorted([*foreign, *used]))
    entry = journal.interrupt(scene.entry.id, tuple(_notes(names, left)))
    return Recovered(entry=entry, put_back=names, left=left, is_finished=False)


def _notes(put_back: tuple[str, ...], left: tuple[str, ...]) -> Iterator[str]:
    is_untouched = not put_back and not left
    yield "its process was killed" + (" before anything was changed" if is_untouched else "")
    if put_back:
        yield f"put back: {', '.join(put_back)}"
    if left:
        yield f"left as found, neither as before nor as meant: {', '.join(left)}"


def _look(journal: Journal, scene: "_Scene", record: FileRecord) -> _Found:
    """Find out what is at a path. Raises: JournalFailed if what was there cannot be loaded."""
    path = scene.source.root / record.path
    before, after = _loaded(journal, record.before), _loaded(journal, record.after)
    try:
        now = scene.read(path)
    except ExpectedError as error:
        logger.warning("%r of the change %s: %s", record.path, scene.entry.id, error)
        return _Found(name=record.path, path=path, finding=_Finding.FOREIGN)
    finding = _finding(now, before, after)
    if finding is _Finding.FOREIGN and before is None and scene.is_claimed(path, now):
        finding = _Finding.BETWEEN
    return _Found(name=record.path, path=path, finding=finding, now=now, before=before)


def _finding(now: State | None, before: State | None, after: State | None) -> _Finding:
    is_old, is_new = fits(now, before), fits(now, after)
    if is_old:
        return _Finding.UNCHANGED if is_new else _Finding.OLD
    if is_new:
        return _Finding.NEW
    if now is None and (_is_folder(before) or _is_folder(after)):
        return _Finding.BETWEEN  # A folder comes or goes in two steps where a file is or was.
    if _is_folder(now) and _is_folder(before) != _is_folder(after):
        return _Finding.BETWEEN  # A folder is made first, and then gets its mode.
    return _Finding.FOREIGN


def _loaded(journal: Journal, stored: StoredState | None) -> State | None:
    return None if stored is None else journal.load(stored)


@dataclass(frozen=True, slots=True)
class _Scene:
    """The files of one entry as they are found."""

    source: DiskSource
    entry: Entry
    read: ReadState

    def temporaries_for(self, path: Path) -> Iterator[Path]:
        """Give the temporary files of a path: beside it, or in a folder above."""
        name = temporary_name(self.entry.id, path.relative_to(self.source.root))
        for folder in _folders_above(self.source.root, [path]):
            if self.read(folder / name) is not None:
                yield folder / name

    def is_claimed(self, path: Path, now: State | None) -> bool:
        """Tell whether we took a name by an empty file, as is done where there are no links."""
        is_empty = now is not None and now.content == "" and not now.has_bom
        return is_empty and any(self.temporaries_for(path))

    def without_used_folders(self, back: Mapping[Path, _Found]) -> dict[Path, _Found]:
        """Leave out the folders that we made, and that hold something else by now."""
        kept = dict(back)
        for path in sorted(back, key=lambda path: -len(path.parts)):
            is_made = back[path].before is None or not _is_folder(back[path].before)
            if is_made and _is_folder(back[path].now) and self._is_used(path, kept):
                del kept[path]
        return kept

    def put_back(self, back: Mapping[Path, _Found]) -> None:
        """Bring back what was there before, as one transaction.

        Raises: ExpectedError; nothing is put back then.
        """
        spares = {path: spare for path, item in back.items() for spare in self._spare(path, item)}
        self.sweep(keep=frozenset(spares.values()))
        wanted = Wanted(
            root=self.source.root,
            entry_id=self.entry.id,
            read=self.read,
            before={path: item.now for path, item in back.items()},
            after={path: item.before for path, item in back.items()},
            old_names=_old_names({p: f for p, f in back.items() if p not in spares}),
            spares=spares,
        )
        carry_out(Site(self.source.root, self.read), plan(wanted))

    def sweep(self, *, keep: frozenset[Path] = frozenset()) -> None:
        """Remove the temporary files of the entry."""
        root = self.source.root
        paths = [root / record.path for record in self.entry.files]
        for folder in _folders_above(root, paths):
            for path in self._temporaries_in(folder):
                if path not in keep:
                    try:
                        remove_file(root, path)
                    except (OSError, ExpectedError) as error:
                        logger.warning("%s could not be removed: %s", path, error)

    def _temporaries_in(self, folder: Path) -> list[Path]:
        prefix = temporary_prefix(self.entry.id)
        try:
            entries = self.source.entries(folder)
        except ExpectedError:
            return []
        return [entry.path for entry in entries if entry.path.name.startswith(prefix)]

    def _spare(self, path: Path, item: _Found) -> Iterator[Path]:
        """Give the very file that was there before, if it still lies beside the path."""
        if item.before is not None and not _is_folder(item.before):
            same = (t for t in self.temporaries_for(path) if fits(self.read(t), item.before))
            yield from list(same)[:1]

    def _is_used(self, folder: Path, back: Mapping[Path, _Found]) -> bool:
        prefix = temporary_prefix(self.entry.id)
        ours = {path for path, item in back.items() if item.before is None}
        return any(
            entry.path not in ours and not entry.path.name.startswith(prefix)
            for entry in self.source.entries(folder)
        )


def _old_names(back: Mapping[Path, _Found]) -> dict[Path, Path]:
    """Find the files that only need their old name again, to stay the files that they are."""
    made: dict[State, list[Path]] = {}
    for path, item in back.items():
        if item.before is None and item.now is not None and not _is_folder(item.now):
            made.setdefault(item.now, []).append(path)
    found: dict[Path, Path] = {}
    for path, item in back.items():
        if item.now is None and item.before is not None and made.get(item.before):
            found[path] = made[item.before].pop()
    return found


def _folders_above(root: Path, paths: Iterable[Path]) -> frozenset[Path]:
    above = (folder for path in paths for folder in path.parents)
    return frozenset(folder for folder in above if folder == root or root in folder.parents)


def _is_folder(state: State | None) -> bool:
    return state is not None and isinstance(state.content, Folder)
