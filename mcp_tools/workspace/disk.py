"""The disk as a Source of text."""

import os
from contextlib import suppress
from pathlib import Path

from mcp_tools.types.documents import Document, Entry
from mcp_tools.types.errors import NotFound, NotText, TooLarge
from mcp_tools.workspace.beneath import directory_fd, open_file
from mcp_tools.workspace.encoding import MAX_FILE_BYTES, decode
from mcp_tools.workspace.paths import root_path


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
                size_bytes = os.fstat(file.fileno()).st_size
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise NotText(f"{path.name!r} cannot be read: {error.strerror}") from error
        if len(data) > MAX_FILE_BYTES:
            raise TooLarge(
                f"{path.name!r} has {size_bytes} bytes, the limit for text is {MAX_FILE_BYTES}"
            )
        text, has_bom = decode(data, path)
        return Document(path=path, text=text, has_bom=has_bom)

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
