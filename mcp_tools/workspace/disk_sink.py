"""The disk as a Sink: all files of a change are replaced, or none is.

First everything that can fail for want of room or rights is done beside the targets: each new
text goes to a temporary file and is synced, each old file gets a second name. Only then do the
new files take their places, by renames, each right after its target was read once more. When a
step fails, the old files take their names back, so that even mode and owner are as before.
"""

import asyncio
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet, RenameFile
from mcp_tools.types.errors import Conflict, Denied, ExpectedError, NotFound, StaleEdit
from mcp_tools.workspace.beneath import directory_fd, open_file
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
    data: bytes | None
    """What the file will hold; None to remove it."""
    origin: Document | None
    """Whose mode, owner and byte order mark it gets: its own, or those of its old name."""


class DiskSink:
    """Writes changes below one root, atomically a file and all or nothing a change.

    A file with several hard links is replaced under the one name; the others keep the old text.
    """

    def __init__(self, source: DiskSource) -> None:
        """Take the source whose files are written; its root is the limit."""
        self._source = source

    async def apply(self, changes: ChangeSet) -> None:
        """Make the change on disk and check it.

        Raises: StaleEdit, InvalidEdit, NotFound, TooLarge, OutsideWorkspace, or Denied when the
            system refuses a write; everything is as before then. Conflict when a file is not
            what was written, or could not be put back.
        """
        # A thread cannot be interrupted half way, so a cancelled caller leaves whole files.
        await asyncio.to_thread(self.apply_now, changes)

    def apply_now(self, changes: ChangeSet) -> None:
        """Do what `apply` does, and return when it is done."""
        steps = self._plan(changes)
        try:
            with _Transaction(self._source) as transaction:
                for step in steps:
                    transaction.prepare(step)
                for step in steps:
                    transaction.replace(step)
        except OSError as error:
            raise Denied(f"nothing was changed, writing failed: {error}") from error
        for step in steps:
            if not _holds(self._source, step.path, step.after):
                raise Conflict(
                    f"{step.path.name!r} was written, but holds something else now; "
                    "another program must have changed it at the same moment"
                )

    def _plan(self, changes: ChangeSet) -> list[_Step]:
        """Read every file once: what the new text was made from is what must still be there."""
        before: dict[Path, Document | None] = {}

        def read(path: Path) -> Document:
            before[path] = None
            before[path] = document = self._source.read(path)
            return document

        after = texts_after(changes, read)
        old_names = {c.new_path: c.path for c in changes.files if isinstance(c, RenameFile)}
        return [
            _step(path, before[path], text, origin=before[old_names.get(path, path)])
            for path, text in after.items()
        ]


def _step(
    path: Path, before: Document | None, after: str | None, *, origin: Document | None
) -> _Step:
    has_bom = origin is not None and origin.has_bom
    data = None if after is None else encode(after, path, has_bom=has_bom)
    return _Step(path=path, before=before, after=after, data=data, origin=origin)


class _Transaction:
    """Steps in the making; left by an exception, it puts back what it had done."""

    def __init__(self, source: DiskSource) -> None:
        self._source = source
        self._new: dict[Path, Path] = {}
        """By target, the temporary file with the new text."""
        self._old: dict[Path, Path] = {}
        """By target, the second name of the old file."""
        self._folders: list[Path] = []
        """Made by us, outermost first."""
        self._done: list[_Step] = []

    def __enter__(self) -> "_Transaction":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        lost = [] if error is None else [s for s in reversed(self._done) if not self._undo(s)]
        for temporary in (*self._new.values(), *self._old.values()):
            if temporary not in {self._old.get(step.path) for step in lost}:
                self._remove(temporary)
        if error is not None:
            for folder in reversed(self._folders):
                with suppress(OSError):
                    folder.rmdir()
        if lost:
            names = ", ".join(repr(step.path.name) for step in lost)
            raise Conflict(
                f"writing failed ({error}), and {names} could not be put back; "
                "the former text is beside it in a file that ends in .tmp"
            ) from error

    def prepare(self, step: _Step) -> None:
        """Do all that a step needs and that nobody sees."""
        if step.data is not None:
            self._make_folders(step.path.parent)
            self._new[step.path] = _temporary_beside(step.path)
            self._write(self._new[step.path], step.data, like=step.origin)
        if step.before is not None:
            self._old[step.path] = _temporary_beside(step.path)
            self._keep(step.before, self._old[step.path])

    def replace(self, step: _Step) -> None:
        """Let a prepared step take effect, if its file is still what it was."""
        if not _holds(self._source, step.path, step.before.text if step.before else None):
            raise StaleEdit(f"{step.path.name!r} changed on disk just now; nothing was written")
        with directory_fd(self._source.root, step.path.parent) as parent:
            target = _name(step.path, parent)
            if step.data is None:
                os.unlink(target, dir_fd=parent)
            elif step.before is None:
                _link_new(_name(self._new[step.path], parent), target, parent)
            else:
                new = _name(self._new[step.path], parent)
                os.replace(new, target, src_dir_fd=parent, dst_dir_fd=parent)
            self._done.append(step)
            if parent is not None:
                # Some network file systems cannot sync a folder; the files themselves are synced.
                with suppress(OSError):
                    os.fsync(parent)

    def _undo(self, step: _Step) -> bool:
        """Put one file back, and tell whether that worked.

        What somebody wrote meanwhile is left alone.
        """
        if not _holds(self._source, step.path, step.after):
            return True
        try:
            with directory_fd(self._source.root, step.path.parent) as parent:
                target = _name(step.path, parent)
                if step.before is None:
                    os.unlink(target, dir_fd=parent)
                    return True
                old = _name(self._old[step.path], parent)
                if step.after is None:
                    _link_new(old, target, parent)
                else:
                    os.replace(old, target, src_dir_fd=parent, dst_dir_fd=parent)
        except (OSError, ExpectedError):
            return False
        return True

    def _make_folders(self, folder: Path) -> None:
        missing = [p for p in (folder, *folder.parents) if not os.path.lexists(p)]
        for path in reversed(missing):
            with directory_fd(self._source.root, path.parent) as parent:
                os.mkdir(_name(path, parent), dir_fd=parent)
            self._folders.append(path)

    def _write(self, path: Path, data: bytes, *, like: Document | None) -> None:
        # A private file stays private from its first moment.
        mode = 0o666 if like is None else 0o600
        with directory_fd(self._source.root, path.parent) as parent:
            fd = os.open(_name(path, parent), _NEW_FILE | _BINARY, mode, dir_fd=parent)
        with os.fdopen(fd, "wb") as file:
            if like is not None:
                self._copy_attributes(like.path, file.fileno())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _keep(self, document: Document, second: Path) -> None:
        """Give a file a second name, or, where there are no hard links, a copy of that name."""
        with directory_fd(self._source.root, second.parent) as parent:
            first_name, second_name = _name(document.path, parent), _name(second, parent)
            try:
                _link(first_name, second_name, parent)
            except (OSError, NotImplementedError):
                data = encode(document.text, document.path, has_bom=document.has_bom)
                self._write(second, data, like=document)

    def _copy_attributes(self, path: Path, target: int) -> None:
        """Give a new file the mode, owner and extended attributes of the file at `path`."""
        source = open_file(self._source.root, path)
        try:
            status = os.fstat(source)
            if hasattr(os, "fchmod"):
                with suppress(PermissionError):
                    os.fchown(target, status.st_uid, status.st_gid)
                os.fchmod(target, status.st_mode & 0o7777)
            if hasattr(os, "listxattr"):
                with suppress(OSError):
                    for name in os.listxattr(source):
                        os.setxattr(target, name, os.getxattr(source, name))
        finally:
            os.close(source)

    def _remove(self, path: Path) -> None:
        root = self._source.root
        with suppress(OSError, ExpectedError), directory_fd(root, path.parent) as parent:
            os.unlink(_name(path, parent), dir_fd=parent)


def _holds(source: DiskSource, path: Path, text: str | None) -> bool:
    """Tell whether the file has this text; None is no file, and no text is no match."""
    try:
        return source.read(path).text == text
    except NotFound:
        return text is None
    except ExpectedError:
        return False


def _temporary_beside(path: Path) -> Path:
    # The target's name is not part of it: together they could exceed what a name may have.
    return path.with_name(f".lsp-agent-{secrets.token_hex(8)}.tmp")


def _name(path: Path, parent: int | None) -> str:
    """Give what to call a file by: its name within an open folder, else its whole path."""
    return str(path) if parent is None else path.name


def _link(existing: str, name: str, parent: int | None) -> None:
    os.link(existing, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)


def _link_new(temporary: str, name: str, parent: int | None) -> None:
    """Give a file its name, but never take that name from another file."""
    try:
        _link(temporary, name, parent)
    except FileExistsError as error:
        raise StaleEdit(f"{Path(name).name!r} was created just now by another program") from error
    except (OSError, NotImplementedError):
        # A file system without hard links: take the name first, then replace it.
        os.close(os.open(name, _NEW_FILE, 0o666, dir_fd=parent))
        try:
            os.replace(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
        except OSError:
            os.unlink(name, dir_fd=parent)
            raise
