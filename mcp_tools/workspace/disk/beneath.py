"""Opening files strictly below a directory: no link is ever followed on the way.

Where the system has directory descriptors, every component is opened from its parent with
O_NOFOLLOW, so that a link planted between a check and its use changes nothing. Elsewhere the
path is checked and then used.
"""

import errno
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace

HAS_DIR_FD = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NOTHING_BELOW = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


@contextmanager
def directory_fd(root: Path, directory: Path) -> Generator[int | None, None, None]:
    """Hold a descriptor of `directory`, reached from `root` without following a link.

    Gives None on systems without directory descriptors; callers then use the path itself.
    A path with `..` in it is refused even where it would stay below the root.
    Raises: NotFound, OutsideWorkspace.
    """
    try:
        fd = _enter(root, directory)
    except FileNotFoundError as error:
        raise NotFound(f"there is no folder {str(directory)!r}") from error
    except PermissionError as error:
        raise NotFound(f"folder {error.filename!r} may not be read: permission denied") from error
    except OSError as error:
        raise OutsideWorkspace(
            f"{error.filename!r} in {str(directory)!r} is not a plain folder; "
            "links are not followed"
        ) from error
    try:
        yield fd
    finally:
        if fd is not None:
            os.close(fd)


def status_beneath(root: Path, path: Path) -> os.stat_result | None:
    """Give what the system knows of a path below `root`, of a link itself; None for nothing.

    Below a file, and below a link, which is not followed, there is nothing.
    Raises: OutsideWorkspace for a path that leads out; NotFound if the root itself is gone;
        OSError if the path may not be looked at.
    """
    _parts_below(root, path)
    if path == root:
        with directory_fd(root, root) as fd:
            return os.stat(root if fd is None else fd)
    try:
        fd = _enter(root, path.parent)
    except OSError as error:
        if error.errno in _NOTHING_BELOW:
            return None
        raise
    try:
        return os.stat(path if fd is None else path.name, dir_fd=fd, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    finally:
        if fd is not None:
            os.close(fd)


def open_file(root: Path, path: Path) -> int:
    """Open a regular file below `root` for reading and give its descriptor.

    Raises: NotFound, OutsideWorkspace, NotText if it is a folder, pipe or device.
    """
    if path == root:
        raise NotText("the workspace root is a folder, not a file")
    with directory_fd(root, path.parent) as parent:
        name = path.name if parent is not None else str(path)
        try:
            fd = os.open(name, _FILE | _BINARY, dir_fd=parent)
        except FileNotFoundError as error:
            raise _not_found(root, path) from error
        except IsADirectoryError as error:
            raise NotText(f"{path.name!r} is a folder, not a file") from error
        except PermissionError as error:
            raise NotFound(f"{path.name!r} may not be read: permission denied") from error
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise NotText(f"{path.name!r} is a socket or device, not a file") from error
            raise OutsideWorkspace(f"{path.name!r} cannot be opened: {error.strerror}") from error
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return fd
    os.close(fd)
    kind = "folder" if stat.S_ISDIR(mode) else "pipe or device"
    raise NotText(f"{path.name!r} is a {kind}, not a file")


def _parts_below(root: Path, directory: Path) -> tuple[str, ...]:
    """Give the names that lead from `root` to `directory`; `..` would lead out again."""
    if directory != root and root not in directory.parents:
        raise OutsideWorkspace(f"{str(directory)!r} is outside of the workspace {str(root)!r}")
    parts = directory.relative_to(root).parts
    if ".." in parts:
        raise OutsideWorkspace(f"expected a path without '..', got {str(directory)!r}")
    return parts


def _enter(root: Path, directory: Path) -> int | None:
    """Open a directory from `root` on; a failure names the component in its `filename`."""
    parts = _parts_below(root, directory)
    if not HAS_DIR_FD:
        if Path(os.path.realpath(directory)) != directory:
            raise NotADirectoryError(errno.ENOTDIR, "reached through a link", directory.name)
        return None
    fd = _open_root(root)
    for part in parts:
        try:
            inner = os.open(part, _DIRECTORY, dir_fd=fd)
        finally:
            os.close(fd)
        fd = inner
    return fd


def _open_root(root: Path) -> int:
    try:
        return os.open(root, _DIRECTORY)
    except OSError as error:
        raise NotFound(
            f"the workspace root {str(root)!r} cannot be opened any more: {error.strerror}"
        ) from error


def _not_found(root: Path, path: Path) -> NotFound:
    name = path.relative_to(root).as_posix()
    return NotFound(f"there is no file {name!r} in the workspace; see list_dir or glob for names")
