"""Running a command in a copy of the workspace, where the system has no overlay to offer.

The copy has the files of the project: what ignore rules leave out is not in it, nor is version
control. On file systems that can, a file's copy shares its blocks until one of the two changes.
A command finds the copy by relative names. Inside walls it finds it by absolute names too, because
they put it in the workspace's place; without them those lead to the real files.
"""

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.sandbox.collecting import VERSION_CONTROL, Collection, Shown
from lsp_agent.sandbox.confining.around import PLAIN, Surroundings, View
from lsp_agent.sandbox.laying import lay_into
from lsp_agent.sandbox.leavings import Leavings
from lsp_agent.sandbox.left_out import LeftOut, Reason
from lsp_agent.sandbox.private import private_folder
from lsp_agent.sandbox.reaped import run_reaped
from lsp_agent.sandbox.running import Ended, Job, label_of
from lsp_agent.sandbox.stat_cache import Stamps, differing, open_own_folder, scan
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import CannotShow, ExpectedError
from mcp_tools.workspace.disk.beneath import open_file
from mcp_tools.workspace.disk.source import DiskSource

_MAX_TICKS = 1_000
_TICK_S = 0.002
_CHUNK_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class CopyLimits:
    """What a copy may cost."""

    n_files: int = 20_000
    n_bytes: int = 512 * 1024 * 1024


async def run_in_copy(
    command: ShellCommand,
    snapshot: SnapshotView,
    place: Path,
    surroundings: Surroundings = PLAIN,
    *,
    limits: CopyLimits,
) -> CommandResult:
    """Run a command in a copy of what `snapshot` shows; `place` is for private folders.

    Raises: CannotShow if the workspace is too large to be copied; ProgramFailed.
    """
    async with private_folder(place) as folder:
        copy = _Copy(folder / "copy", snapshot)
        await asyncio.to_thread(copy.make, limits)
        await _next_tick(folder / "tick")
        name = label_of(command.argv)
        view = View(root=snapshot.root, shown=copy.folder, cwd=command.cwd)
        async with surroundings.enclosure.around(command.argv, view) as wrapped:
            job = Job(
                argv=wrapped.argv,
                name=name,
                cwd=copy.folder / command.cwd.relative_to(snapshot.root),
                timeout_s=command.timeout_s,
                on_output=surroundings.on_output,
                fds=wrapped.fds,
            )
            ended = wrapped.ended(await run_reaped(job, folder / "report"), name)
        return await asyncio.to_thread(copy.collected, command, ended)


class _Copy:
    """A copy of the workspace, and what it was made from."""

    def __init__(self, folder: Path, snapshot: SnapshotView) -> None:
        self.folder = folder
        self._snapshot = snapshot
        self._root = snapshot.root
        self._source = DiskSource(snapshot.root)
        self._copied: dict[Path, os.stat_result] = {}
        self._unread: set[Path] = set()
        self._made: Stamps = {}
        self._left_out = LeftOut(snapshot.root)

    def make(self, limits: CopyLimits) -> None:
        self._measure(limits)
        overlay = self._snapshot.overlay()
        try:
            self.folder.mkdir(mode=0o700)
            for path, status in self._copied.items():
                self._copy(path, status)
            lay_into(self.folder, self._root, overlay)
            # Modes come last, since a folder may forbid to write in it.
            for path, status in reversed(self._copied.items()):
                if stat.S_ISDIR(status.st_mode) and path not in overlay:
                    _set_folder_mode(self.folder / path.relative_to(self._root), status)
        except OSError as error:
            raise CannotShow(f"the workspace cannot be copied: {error}") from error
        self._made = scan(str(self.folder), skipped=())

    def collected(self, command: ShellCommand, ended: Ended) -> CommandResult:
        shown = Shown(
            disk=self._source.state,
            listing=self._source.entries,
            has_moved_on=self._has_moved_on,
            was_hidden=lambda path: path not in self._copied or path in self._unread,
            mode=self._mode,
        )
        collection = Collection(self._snapshot, shown, self._left_out)
        leavings = Leavings(self.folder, self._root, collection, self._left_out)
        if command.kept_paths is None:
            self._collect(collection, leavings)
        else:
            leavings.add_files(command.kept_paths)
        return CommandResult(
            exit_code=ended.exit_code,
            # The copy is gone when anyone reads this, and the file that is meant is the real one.
            output=ended.output.replace(str(self.folder), str(self._root)),
            changes=collection.changes(label_of(command.argv)),
            notes=self._left_out.notes(),
        )

    def _collect(self, collection: Collection, leavings: Leavings) -> None:
        now = scan(str(self.folder), skipped=(), open_folder=open_own_folder)
        gone, changed = differing(self._made, now)
        for name in gone:
            collection.add(self._root / name, None)
        for name in changed:
            n_links = os.lstat(self.folder / name).st_nlink
            leavings.add(self.folder / name, now[name][4], n_links=n_links)

    def _measure(self, limits: CopyLimits) -> None:
        """Find what is to be copied, and stop as soon as it is too much."""
        n_bytes = 0
        for path, status in _project(self._snapshot):
            self._copied[path] = status
            n_bytes += status.st_size if stat.S_ISREG(status.st_mode) else 0
            if len(self._copied) > limits.n_files or n_bytes > limits.n_bytes:
                raise CannotShow(
                    f"the workspace has more than {limits.n_files} files "
                    f"or {limits.n_bytes // 1024**2} MiB, which is the limit for a copy"
                )

    def _copy(self, path: Path, status: os.stat_result) -> None:
        target = self.folder / path.relative_to(self._root)
        if stat.S_ISDIR(status.st_mode):
            target.mkdir(mode=0o700)
            return
        try:
            if stat.S_ISLNK(status.st_mode):
                os.symlink(os.readlink(path), target)
            else:
                _copy_file(self._root, path, target)
        except (ExpectedError, FileNotFoundError):
            self._unread.add(path)
            self._left_out.add(Reason.NOT_COPIED, path)

    def _has_moved_on(self, path: Path) -> bool:
        try:
            now = os.lstat(path)
        except OSError:
            return False
        then = self._copied.get(path)
        return then is None or (then.st_ctime_ns, then.st_ino) != (now.st_ctime_ns, now.st_ino)

    def _mode(self, path: Path) -> int | None:
        stamp = self._made.get(path.relative_to(self._root).as_posix())
        return None if stamp is None else stat.S_IMODE(stamp[4])


def _project(snapshot: SnapshotView) -> Iterator[tuple[Path, os.stat_result]]:
    """Give files, links and folders of the project on disk, a folder before what is in it."""
    folders = [snapshot.root]
    while folders:
        try:
            with os.scandir(folders.pop()) as found:
                items = [(Path(item.path), item.stat(follow_symlinks=False)) for item in found]
        except OSError:
            continue
        for path, status in items:
            if path.name in VERSION_CONTROL:
                continue
            is_folder = stat.S_ISDIR(status.st_mode)
            # Rules are about files; a folder is asked about by a name in it.
            if snapshot.is_ignored(path / "_" if is_folder else path):
                continue
            if is_folder:
                folders.append(path)
            if is_folder or stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                yield path, status


def _set_folder_mode(folder: Path, status: os.stat_result) -> None:
    # In the top layer it may have given way to something else.
    if folder.is_dir() and not folder.is_symlink():
        os.utime(folder, ns=(status.st_atime_ns, status.st_mtime_ns))
        os.chmod(folder, stat.S_IMODE(status.st_mode))


def _copy_file(root: Path, path: Path, target: Path) -> None:
    """Copy a file with its mode and time.

    Raises: ExpectedError if it is gone by now, or may not be read.
    """
    with os.fdopen(open_file(root, path), "rb") as source, open(target, "xb") as made:
        if not _is_cloned(source.fileno(), made.fileno()):
            source.seek(0)
            made.seek(0)
            shutil.copyfileobj(source, made)
        status = os.fstat(source.fileno())
        os.fchmod(made.fileno(), stat.S_IMODE(status.st_mode))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _is_cloned(source_fd: int, made_fd: int) -> bool:
    """Let the system copy, which shares blocks if it can; not every pair of places allows it."""
    try:
        while os.copy_file_range(source_fd, made_fd, _CHUNK_BYTES):
            pass
    except (OSError, AttributeError):
        return False
    return True


async def _next_tick(path: Path) -> None:
    """Wait until the clock of the file system moves: then no stamp from before can recur."""
    first = await asyncio.to_thread(_touched_at, path)
    for _ in range(_MAX_TICKS):
        if await asyncio.to_thread(_touched_at, path) != first:
            return
        await asyncio.sleep(_TICK_S)


def _touched_at(path: Path) -> int:
    path.touch()
    return os.lstat(path).st_ctime_ns
