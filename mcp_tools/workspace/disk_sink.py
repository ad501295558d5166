"""The disk as a Sink: all files of a change are replaced, or none is.

Each new text goes to a temporary file beside its target, is synced, and takes the target's
place by a rename; right before that the target is read once more. When a step fails, the files
already replaced are put back.
"""

import asyncio
import os
import secrets
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Conflict, Denied, ExpectedError, StaleEdit
from mcp_tools.workspace.beneath import directory_fd
from mcp_tools.workspace.changes import texts_after
from mcp_tools.workspace.disk import DiskSource
from mcp_tools.workspace.encoding import encode

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One file to replace, make or remove."""

    path: Path
    before: Document | None
    after: str | None

    @property
    def has_bom(self) -> bool:
        return self.before is not None and self.before.has_bom


class DiskSink:
    """Writes changes below one root, atomically a file and all or nothing a change."""

    def __init__(self, source: DiskSource) -> None:
        """Take the source whose files are written; its root is the limit."""
        self._source = source

    async def apply(self, changes: ChangeSet) -> None:
        """Make the change on disk and check it.

        Raises: StaleEdit, InvalidEdit, NotFound, OutsideWorkspace before anything was written;
            Denied when the system refuses a write (everything is as before); Conflict when a
            file is not what was written.
        """
        # A thread cannot be interrupted half way, so a cancelled caller leaves whole files.
        await asyncio.to_thread(self.apply_now, changes)

    def apply_now(self, changes: ChangeSet) -> None:
        """Do what `apply` does, and return when it is done."""
        after = texts_after(changes, self._source.read)
        steps = [_Step(path=p, before=self._current(p), after=t) for p, t in after.items()]
        done: list[_Step] = []
        made_folders: list[Path] = []
        try:
            for step in steps:
                made_folders += self._make_folders(step)
                self._do(step)
                done.append(step)
        except (OSError, ExpectedError) as error:
            for step in reversed(done):
                self._undo(step)
            for folder in reversed(made_folders):
                with suppress(OSError):
                    folder.rmdir()
            if isinstance(error, ExpectedError):
                raise
            raise Denied(f"nothing was changed, writing failed: {error}") from error
        self._verify(steps)

    def _current(self, path: Path) -> Document | None:
        return self._source.read(path) if os.path.lexists(path) else None

    def _make_folders(self, step: _Step) -> list[Path]:
        """Make the missing parents of a new file and give them, outermost first."""
        if step.after is None:
            return []
        missing = [p for p in step.path.parents if not os.path.lexists(p)]
        for folder in reversed(missing):
            with directory_fd(self._source.root, folder.parent) as parent:
                os.mkdir(folder if parent is None else folder.name, dir_fd=parent)
        return missing[::-1]

    def _do(self, step: _Step) -> None:
        with directory_fd(self._source.root, step.path.parent) as parent, ExitStack() as cleanup:
            name = str(step.path) if parent is None else step.path.name
            if step.after is None:
                self._check_unchanged(step)
                os.unlink(name, dir_fd=parent)
            else:
                temporary = self._write_temporary(step, parent)
                cleanup.callback(_remove_if_there, temporary, parent)
                self._check_unchanged(step)
                if step.before is None:
                    _link_new(temporary, name, parent)
                else:
                    os.replace(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
            if parent is not None:
                os.fsync(parent)

    def _write_temporary(self, step: _Step, parent: int | None) -> str:
        assert step.after is not None
        temporary = f".{step.path.name[:100]}.{secrets.token_hex(6)}.tmp"
        if parent is None:
            temporary = str(step.path.with_name(temporary))
        fd = os.open(temporary, _NEW_FILE | _BINARY, 0o666, dir_fd=parent)
        try:
            with os.fdopen(fd, "wb") as file:
                if step.before is not None:
                    _keep_attributes(step.path, file.fileno())
                file.write(encode(step.after, has_bom=step.has_bom))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            _remove_if_there(temporary, parent)
            raise
        return temporary

    def _check_unchanged(self, step: _Step) -> None:
        now = self._current(step.path)
        expected = step.before.digest if step.before else None
        if (now.digest if now else None) != expected:
            raise StaleEdit(f"{step.path.name!r} changed on disk just now; nothing was written")

    def _undo(self, step: _Step) -> None:
        """Put one file back as it was; what somebody wrote meanwhile is left alone."""
        now = self._current(step.path)
        if (now.text if now else None) != step.after:
            return
        before = step.before.text if step.before else None
        self._do(_Step(path=step.path, before=now, after=before))

    def _verify(self, steps: list[_Step]) -> None:
        for step in steps:
            now = self._current(step.path)
            if (now.text if now else None) != step.after:
                raise Conflict(
                    f"{step.path.name!r} was written, but holds something else now; "
                    "another program must have changed it at the same moment"
                )


def _keep_attributes(path: Path, fd: int) -> None:
    """Give a new file the mode, owner and extended attributes of the one it replaces."""
    status = os.stat(path, follow_symlinks=False)
    if hasattr(os, "fchmod"):
        with suppress(PermissionError):
            os.fchown(fd, status.st_uid, status.st_gid)
        os.fchmod(fd, status.st_mode & 0o7777)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(path, follow_symlinks=False):
                os.setxattr(fd, name, os.getxattr(path, name, follow_symlinks=False))


def _link_new(temporary: str, name: str, parent: int | None) -> None:
    """Give a file its name, but never take that name from another file."""
    try:
        os.link(temporary, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
    except FileExistsError as error:
        raise StaleEdit(f"{Path(name).name!r} was created just now by another program") from error
    except (OSError, NotImplementedError):
        # A file system without hard links: take the name first, then replace it.
        os.close(os.open(name, _NEW_FILE, 0o666, dir_fd=parent))
        os.replace(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)


def _remove_if_there(name: str, parent: int | None) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=parent)
