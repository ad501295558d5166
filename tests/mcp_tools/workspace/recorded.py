"""A small tree of files with a real journal, whose changes can be taken back.

The files are kept in memory, and a change of them is refused as a disk would refuse it: when its
base is not what is there, or when a folder with something in it is to go.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from mcp_tools.types.contents import Content, Folder, Link, State
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.journal import (
    Actor,
    Entry,
    EntryKind,
    NewEntry,
    Origin,
    StoredState,
    Target,
    Transition,
)
from mcp_tools.workspace.changes import change_between, states_after
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.limits import DEFAULT_LIMITS, Limits
from mcp_tools.workspace.undo.history import Scope, select, select_redo
from mcp_tools.workspace.undo.undoing import UndoPlan, plan_undo

_MEMORY_DISK = Path("/dev/shm")
ROOT = Path("/project")
START = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)

Clock = Callable[[], datetime]
Wish = Content | State | None


class ReadJournal(Journal):
    """A journal that knows which contents were asked of it."""

    def __init__(self, folder: Path, root: Path, limits: Limits, clock: Clock) -> None:
        super().__init__(folder, root, limits=limits, clock=clock)
        self.read: list[str] = []
        """Digests, in the order of the questions."""

    def load(self, stored: StoredState) -> State:
        self.read.append(stored.digest)
        return super().load(stored)


class Recorded:
    """Files, and the journal of what changed them; one minute passes with each entry."""

    def __init__(
        self, files: Mapping[str, Wish] | None = None, *, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        place = _MEMORY_DISK if _MEMORY_DISK.is_dir() else None
        self._folder = tempfile.TemporaryDirectory(dir=place)
        self.folder = Path(self._folder.name) / "journal"
        self.journal = ReadJournal(self.folder, ROOT, limits, self._clock)
        self.moment = START
        self.files: dict[Path, State] = {}
        for name, wish in (files or {}).items():
            self.put(name, wish)

    def __enter__(self) -> "Recorded":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.journal.close()
        self._folder.cleanup()

    def _clock(self) -> datetime:
        return self.moment

    def put(self, name: str, wish: Wish) -> None:
        """Let a person or a program change a file, of which the journal hears nothing."""
        state = _state(wish)
        path = ROOT / name
        if state is None:
            del self.files[path]
        else:
            self._make_folders(path)
            self.files[path] = _on_disk(state)

    def text(self, name: str) -> str | None:
        """Give the text of a file, None if there is no text file."""
        state = self.files.get(ROOT / name)
        return state.content if state is not None and isinstance(state.content, str) else None

    def change(
        self,
        wishes: Mapping[str, Wish],
        *,
        label: str = "change",
        turn: str = "",
        session: str = "",
    ) -> Entry:
        """Change files and record that; missing folders are made, and recorded too."""
        after = {ROOT / name: _state(wish) for name, wish in wishes.items()}
        before = {path: self.files.get(path) for path in after}
        origin = Origin(actor=Actor.TOOL, name="edit_file", turn_id=turn, session_id=session)
        return self._record(change_between(label, before, after), origin)

    def fail(self, wishes: Mapping[str, Wish]) -> Entry:
        """Record a change that was refused when it was to be made."""
        after = {ROOT / name: _state(wish) for name, wish in wishes.items()}
        transitions = tuple(
            Transition(path=path, before=self.files.get(path), after=state)
            for path, state in after.items()
        )
        origin = Origin(actor=Actor.TOOL, name="edit_file")
        new = NewEntry(label="refused", origin=origin, transitions=transitions)
        return self.journal.fail(self.journal.begin(new).id, "somebody said no")

    def damage_contents(self, stored: StoredState | None = None) -> None:
        """Let the disk lose a content that the journal keeps, or all of them."""
        for path in (self.folder / "objects").rglob("*"):
            key = f"{path.parent.name}{path.name}"
            if path.is_file() and (stored is None or key == stored.digest):
                path.chmod(0o600)
                path.write_bytes(b"lost")

    def plan(self, scope: Scope, *, choose: Callable[..., tuple[Target, ...]] = select) -> UndoPlan:
        """Plan to take back what a scope means."""
        return self.plan_targets(*choose(self.journal.entries(), scope, ROOT))

    def plan_targets(self, *targets: Target) -> UndoPlan:
        """Plan to take back these targets."""
        return plan_undo(self.journal, ROOT, self.files.get, targets, read_entries=self.entries_of)

    def undo(self, scope: Scope | None = None) -> UndoPlan:
        """Take back what a scope means, the newest without one."""
        return self._take_back(self.plan(scope or Scope()))

    def redo(self, scope: Scope | None = None) -> UndoPlan:
        """Make again what a scope means, the newest undo without one."""
        return self._take_back(self.plan(scope or Scope(), choose=select_redo))

    def entries_of(self, folder: Path) -> Iterable[Path]:
        return [path for path in self.files if path.parent == folder]

    def _take_back(self, plan: UndoPlan) -> UndoPlan:
        origin = Origin(actor=Actor.USER, name="undo")
        self._record(plan.changes, origin, kind=plan.kind, targets=plan.targets)
        return plan

    def _record(
        self,
        changes: ChangeSet,
        origin: Origin,
        *,
        kind: EntryKind = EntryKind.CHANGE,
        targets: tuple[Target, ...] = (),
    ) -> Entry:
        self.moment += timedelta(minutes=1)
        after = states_after(changes, self.files.get)
        for path in [path for path, state in after.items() if state is not None]:
            for folder in _folders_of(path):
                if folder not in self.files:
                    after.setdefault(folder, State(content=Folder()))
        transitions = tuple(
            Transition(path=path, before=self.files.get(path), after=after[path])
            for path in sorted(after)
        )
        new = NewEntry(
            label=changes.label, origin=origin, transitions=transitions, kind=kind, targets=targets
        )
        entry = self.journal.begin(new)
        for change in changes.files:
            self._make(change.path, after[change.path])
        return self.journal.finish(entry.id)

    def _make(self, path: Path, state: State | None) -> None:
        stays_folder = state is not None and isinstance(state.content, Folder)
        if not stays_folder:
            assert not self.entries_of(path), f"{path} has something in it"
        if state is None:
            del self.files[path]
        else:
            self._make_folders(path)
            self.files[path] = _on_disk(state)

    def _make_folders(self, path: Path) -> None:
        for folder in _folders_of(path):
            state = self.files.setdefault(folder, _on_disk(State(content=Folder())))
            assert isinstance(state.content, Folder), f"{folder} is no folder"


def _state(wish: Wish) -> State | None:
    return wish if wish is None or isinstance(wish, State) else State(content=wish)


def _on_disk(state: State) -> State:
    """Give a state as it is found on disk, where everything but a link has permissions."""
    if state.mode is not None or isinstance(state.content, Link):
        return state
    return replace(state, mode=0o755 if isinstance(state.content, Folder) else 0o644)


def _folders_of(path: Path) -> Iterable[Path]:
    return [folder for folder in path.parents if ROOT in folder.parents]
