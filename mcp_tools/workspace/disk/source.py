"""The disk as a Source of text."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.documents import Document, Entry
from mcp_tools.types.errors import NotFound, NotText, TooLarge
from mcp_tools.workspace.disk.beneath import directory_fd, open_file, status_beneath
from mcp_tools.workspace.encoding import MAX_FILE_BYTES, decode
from mcp_tools.workspace.paths import root_path

MAX_STATE_BYTES = 64 * 1024 * 1024
"""The largest content that is kept for an undo, or held in a proposal."""


class DiskSource:
    """Reads the files below one root; follows no link and opens nothing outside."""

    def __init__(self, root: str | Path) -> None:
        """Take the root folder.

        Raises: NotFound if it is not an existing directory.
        """
        self._root = root_path(root)

    @property
    def root(self) -> Path:
        """The workspace root: absolute, links resolved."""
        return self._root

    def read(self, path: Path) -> Document:
        """Read one file, at most 16 MiB of UTF-8 text.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        try:
            with os.fdopen(open_file(self._root, path), "rb") as file:
                status = os.fstat(file.fileno())
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise NotText(f"{path.name!r} cannot be read: {error.strerror}") from error
        if len(data) > MAX_FILE_BYTES:
            raise TooLarge(
                f"{path.name!r} has {status.st_size} bytes, the limit for text is {MAX_FILE_BYTES}"
            )
        text, has_bom = decode(data, path)
        mode = stat.S_IMODE(status.st_mode)
        return Document(path=path, text=text, has_bom=has_bom, mode=mode)

    def state(self, path: Path) -> State | None:
        """Give what is at a path, whatever its kind; None for nothing. Links are not followed.

        Raises: TooLarge above `MAX_STATE_BYTES`; NotText for what is no file, link or folder, or
            may not be read; OutsideWorkspace.
        """
        if path == self._root:
            return State(content=Folder(), mode=stat.S_IMODE(os.stat(path).st_mode))
        try:
            status = status_beneath(self._root, path)
            if status is not None and stat.S_ISLNK(status.st_mode):
                return State(content=Link(self._target_of(path)))
        except NotFound as error:  # the root itself, or right now the folder, was taken away
            raise NotText(str(error)) from error
        except OSError as error:
            raise NotText(f"{path.name!r} cannot be looked at: {error.strerror}") from error
        if status is None:
            return None
        if stat.S_ISDIR(status.st_mode):
            return State(content=Folder(), mode=stat.S_IMODE(status.st_mode))
        return self._file_state(path)

    def _target_of(self, link: Path) -> str:
        with directory_fd(self._root, link.parent) as parent:
            return os.readlink(link if parent is None else link.name, dir_fd=parent)

    def _file_state(self, path: Path) -> State | None:
        try:
            with os.fdopen(open_file(self._root, path), "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_size > MAX_STATE_BYTES:
                    raise TooLarge(
                        f"{path.name!r} has {status.st_size} bytes, "
                        f"the limit for an undo is {MAX_STATE_BYTES}"
                    )
                data = file.read(MAX_STATE_BYTES)
        except NotFound as error:
            if os.path.lexists(path):
                raise NotText(str(error)) from error
            return None
        except OSError as error:
            raise NotText(f"{path.name!r} cannot be read: {error.strerror}") from error
        mode = stat.S_IMODE(status.st_mode)
        if len(data) > MAX_FILE_BYTES:
            return State(content=Binary(data), mode=mode)
        try:
            text, has_bom = decode(data, path)
        except NotText:
            return State(content=Binary(data), mode=mode)
        return State(content=text, mode=mode, has_bom=has_bom)

    def entries(self, directory: Path) -> tuple[Entry, ...]:
        """List a directory, sorted by name; links are named, never followed.

        Raises: NotFound, OutsideWorkspace.
        """
        with directory_fd(self._root, directory) as fd:
            try:
                with os.scandir(directory if fd is None else fd) as found:
                    listed = [_entry(directory, item) for item in found]
            except FileNotFoundError as error:
                raise NotFound(f"there is no folder {directory.name!r}") from error
            except NotADirectoryError as error:
                raise NotFound(f"{directory.name!r} is a file, not a folder") from error
        return tuple(sorted(listed, key=lambda entry: entry.path.name))


def _entry(directory: Path, item: "os.DirEntry[str]") -> Entry:
    is_dir = item.is_dir(follow_symlinks=False)
    size_bytes = None
    if not is_dir:
        with suppress(FileNotFoundError):  # deleted while the folder was being listed
            size_bytes = item.stat(follow_symlinks=False).st_size
    path = directory / item.name
    return Entry(path=path, is_dir=is_dir, is_link=item.is_symlink(), size_bytes=size_bytes)
