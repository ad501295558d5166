"""From what a command left behind to a change set, relative to what it was shown.

The base of each change must be what the command saw, or a later apply could not tell that the
text moved on. For a path that the snapshot itself lays over the disk that is certain. All others
the command read from the disk while it ran, and the snapshot gives them as they are now, unless it
had read them before. If such a path changed on disk since the command was started, and the
snapshot shows it as it is now, nobody knows which of the two the command saw; then the path is left
out and named. If the snapshot remembers an older state, that one is the base, and an apply finds
that it is stale and merges.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lsp_agent.sandbox.laying import data_of
from lsp_agent.sandbox.left_out import LeftOut, Reason
from mcp_tools.types.contents import Folder, State
from mcp_tools.types.documents import Entry, SnapshotView
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import ExpectedError, ProgramFailed
from mcp_tools.workspace.changes import change_between

VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})
"""What is below a folder, or in a file, of this name is no business of ours."""

MAX_PATHS = 20_000
MAX_BYTES = 512 * 1024 * 1024
"""Of all contents that one command may change, before and after together."""

_SPECIAL_BITS = 0o7000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is known of the tree that a command was shown."""

    disk: Callable[[Path], State | None]
    """Gives what is on disk now."""
    listing: Callable[[Path], tuple[Entry, ...]]
    """Lists a folder on disk."""
    has_moved_on: Callable[[Path], bool]
    """Tells whether a path changed on disk since the command was started."""
    was_hidden: Callable[[Path], bool]
    """Tells whether a path that is on disk was not shown."""
    mode: Callable[[Path], int | None]
    """Gives the permission bits that a path had that nobody chose any for."""


class Collection:
    """Takes what a command changed, path by path, and gives one change set."""

    def __init__(self, snapshot: SnapshotView, shown: Shown, left_out: LeftOut) -> None:
        """Take what the command was shown."""
        self._root = snapshot.root
        self._snapshot = snapshot
        self._overlay: Mapping[Path, State | None] = snapshot.overlay()
        self._shown = shown
        self._left_out = left_out
        self._before: dict[Path, State | None] = {}
        self._after: dict[Path, State | None] = {}
        self._kept_out: dict[Path, State | None] = {}
        self._n_bytes = 0

    def add(self, path: Path, after: State | None, *, is_replaced: bool = False) -> None:
        """Take a path and what is there now; if it `is_replaced`, nothing in it is from before.

        Raises: ProgramFailed if it is all too much.
        """
        if _is_folder(after) and self._is_version_controls(path):
            return  # Such a folder changes with each file in it, and is no news.
        if (is_replaced or not _is_folder(after)) and self._was_folder(path):
            for inner in self._shown_in(path):
                self._take(inner, None)
        self._take(path, after)

    def leave_out(self, path: Path, reason: Reason, after: State | None = None) -> None:
        """Take a path as one that stays as it is on disk, whatever the command did to it."""
        self._left_out.add(reason, path)
        self._kept_out[path] = after

    def changes(self, label: str) -> ChangeSet:
        """Give the change set; all in it can be made, in spite of what was left out."""
        for path, wanted in self._kept_out.items():
            self._after.pop(path, None)
            for parent in path.parents:
                if parent in self._after and not _is_folder(self._after[parent]):
                    del self._after[parent]
                    self._left_out.add(Reason.OCCUPIED, parent)
            if _is_folder(wanted):
                self._after = {p: s for p, s in self._after.items() if path not in p.parents}
        return change_between(label, self._before, self._after)

    def _take(self, path: Path, after: State | None) -> None:
        if self._is_version_controls(path):
            self.leave_out(path, Reason.VERSION_CONTROL)
            return
        try:
            before = self._seen(path)
        except ExpectedError:
            self.leave_out(path, Reason.NOT_UNDOABLE, after)
            return
        if after is not None:
            after = self._comparable(path, before, after)
        if before == after:
            self._after.pop(path, None)
        elif reason := self._doubt(path, before, after):
            self.leave_out(path, reason, after)
        else:
            self._keep(path, before, after)

    def _is_version_controls(self, path: Path) -> bool:
        return not VERSION_CONTROL.isdisjoint(path.relative_to(self._root).parts)

    def _was_folder(self, path: Path) -> bool:
        if self._is_version_controls(path):
            return False
        try:
            return _is_folder(self._seen(path))
        except ExpectedError:
            return False

    def _seen(self, path: Path) -> State | None:
        """Give what the command saw at a path.

        Raises: ExpectedError.
        """
        return self._overlay[path] if path in self._overlay else self._snapshot.state(path)

    def _comparable(self, path: Path, before: State | None, after: State) -> State:
        """Give `after` such that it is equal to `before` if the command changed nothing."""
        after = self._with_mode(path, before, after)
        if before is not None and path in self._overlay:
            # A buffer may hold what no text file can, and that comes back as bytes.
            shown = data_of(before.content, has_bom=before.has_bom)
            if shown is not None and shown == data_of(after.content, has_bom=after.has_bom):
                return replace(before, mode=after.mode)
        return after

    def _with_mode(self, path: Path, before: State | None, after: State) -> State:
        """Give a state with a mode that can be compared to that of `before`, and kept."""
        if after.mode is None:
            return after
        old = before.mode if before is not None and before.mode is not None else 0
        mode = after.mode & (~_SPECIAL_BITS | old)
        # A folder has them from the folder above, and a new one gets them again in that way.
        if mode != after.mode and not _is_folder(after):
            self._left_out.add(Reason.SPECIAL_BITS, path)
        if before is not None and before.mode is None and after.mode == self._shown.mode(path):
            return replace(after, mode=None)
        return replace(after, mode=mode)

    def _doubt(self, path: Path, before: State | None, after: State | None) -> Reason | None:
        """Give the reason why it is not known that the command saw `before`."""
        if path in self._overlay:
            return None
        if before is not None and self._shown.was_hidden(path):
            return Reason.NOT_SHOWN
        # A folder seems to change with what is in it; its mode alone is no matter for doubt.
        is_mode = _is_folder(before) and _is_folder(after)
        if is_mode or not self._shown.has_moved_on(path):
            return None
        try:
            is_older = self._shown.disk(path) != before
        except ExpectedError:
            return Reason.MOVED_ON
        return None if is_older else Reason.MOVED_ON

    def _keep(self, path: Path, before: State | None, after: State | None) -> None:
        self._before[path], self._after[path] = before, after
        self._n_bytes += _size(before) + _size(after)
        if len(self._after) > MAX_PATHS:
            limit = f"{MAX_PATHS} paths"
        elif self._n_bytes > MAX_BYTES:
            limit = f"{MAX_BYTES // 1024**2} MiB"
        else:
            return
        raise ProgramFailed(
            f"the command changed more than {limit}, so nothing that it did was kept; "
            "let it do less at a time, or run it yourself"
        )

    def _shown_in(self, folder: Path) -> Iterator[Path]:
        """Give all that the command saw below a folder, what is in a folder after it."""
        for path, state in self._overlay.items():
            if state is not None and folder in path.parents:
                yield path
        folders = [folder]
        while folders:
            try:
                entries = self._shown.listing(folders.pop())
            except ExpectedError:
                continue  # Gone, or closed to us, and so to the command.
            for entry in entries:
                if entry.path in self._overlay:
                    is_dir = entry.is_dir and _is_folder(self._overlay[entry.path])
                else:
                    is_dir = entry.is_dir
                    yield entry.path
                if is_dir and entry.path.name not in VERSION_CONTROL:
                    folders.append(entry.path)


def _is_folder(state: State | None) -> bool:
    return state is not None and isinstance(state.content, Folder)


def _size(state: State | None) -> int:
    if state is None:
        return 0
    content = state.content
    if isinstance(content, str):
        return len(content)
    return len(getattr(content, "data", b""))
