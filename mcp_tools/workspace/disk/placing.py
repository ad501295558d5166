"""Files, links and folders put in place strictly below a root: one function, one effect.

Two of them matter most. `swap` lets a prepared file and the present one change places in one
step, so that what was displaced, whatever it was by then, still exists and can be looked at.
`move` gives a file another name and never takes that name from another file. Linux does both in
one system call (renameat2); where that is missing, they are made of links and plain renames.

All raise OSError as the system does, and NotFound or OutsideWorkspace where a folder on the way
is missing or is a link.
"""

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.workspace.disk.beneath import directory_fd, open_file

HAS_RENAME_FLAGS = sys.platform == "linux"
_NO_REPLACE, _EXCHANGE = 1, 2  # Source: linux/fs.h
_AT_FDCWD = -100
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_OLD_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
_DISK_FAILURES = {errno.EIO, errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class _Place:
    """A name in an open folder; the whole path where there are no descriptors of folders."""

    folder: int | None
    name: str


def swap(root: Path, prepared: Path, path: Path) -> None:
    """Let two files or links change places."""
    with _place(root, prepared) as a, _place(root, path) as b:
        if not _rename_with(_EXCHANGE, a, b):
            _swap_by_links(a, b)


def move(root: Path, old: Path, new: Path) -> None:
    """Give a file or link another name.

    Raises: FileExistsError if there is anything of that name.
    """
    with _place(root, old) as a, _place(root, new) as b:
        if not _rename_with(_NO_REPLACE, a, b):
            _move_by_links(a, b)


def make_file(root: Path, path: Path, data: bytes, *, mode: int | None, like: Path | None) -> None:
    """Write a new file through to the disk.

    It gets the owner and extended attributes, and without a `mode` also the mode, of the file
    `like`, as far as the system lets us. Without both it gets the mode of any new file.
    """
    is_plain = mode is None and like is None
    with _place(root, path) as at:
        # A private file stays private from its first moment.
        fd = os.open(at.name, _NEW_FILE, 0o666 if is_plain else 0o600, dir_fd=at.folder)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        # Only now: writing would take some attributes away again.
        if like is not None:
            source = open_file(root, like)
            try:
                _copy_attributes(source, file.fileno())
                mode = stat.S_IMODE(os.fstat(source).st_mode) if mode is None else mode
            finally:
                os.close(source)
        if mode is not None:
            _set_mode(file.fileno(), mode)
        os.fsync(file.fileno())


def make_link(root: Path, path: Path, target: str) -> None:
    """Make a symbolic link."""
    with _place(root, path) as at:
        os.symlink(target, at.name, dir_fd=at.folder)


def make_folder(root: Path, path: Path) -> None:
    """Make one folder."""
    with _place(root, path) as at:
        os.mkdir(at.name, dir_fd=at.folder)


def remove_file(root: Path, path: Path) -> None:
    """Remove a file or link."""
    with _place(root, path) as at:
        os.unlink(at.name, dir_fd=at.folder)


def remove_folder(root: Path, path: Path) -> None:
    """Remove a folder that is empty."""
    with _place(root, path) as at:
        os.rmdir(at.name, dir_fd=at.folder)


def set_file_mode(root: Path, path: Path, mode: int) -> None:
    """Give a file other permission bits; a link is not followed."""
    fd = open_file(root, path)
    try:
        _set_mode(fd, mode)
    finally:
        os.close(fd)


def set_folder_mode(root: Path, path: Path, mode: int) -> None:
    """Give a folder other permission bits."""
    with directory_fd(root, path) as fd:
        if fd is None:
            os.chmod(path, mode)
        else:
            _set_mode(fd, mode)


def may_write(root: Path, path: Path) -> bool:
    """Tell whether the system would let us write into a file."""
    with _place(root, path) as at:
        has_effective = os.access in os.supports_effective_ids
        return os.access(at.name, os.W_OK, dir_fd=at.folder, effective_ids=has_effective)


def sync_folder(root: Path, folder: Path) -> None:
    """See that the names in a folder are on the disk, as far as its file system can tell.

    Some network file systems cannot sync a folder; that is no failure.
    """
    with directory_fd(root, folder) as fd:
        if fd is None:
            return
        try:
            os.fsync(fd)
        except OSError as error:
            if error.errno in _DISK_FAILURES:
                raise


@contextmanager
def _place(root: Path, path: Path) -> Generator[_Place, None, None]:
    with directory_fd(root, path.parent) as folder:
        yield _Place(folder, str(path) if folder is None else path.name)


def _rename_with(flags: int, a: _Place, b: _Place) -> bool:
    """Do it in one system call; False if there is none, or not on this file system."""
    if not HAS_RENAME_FLAGS:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = [os.fsencode(place.name) for place in (a, b)]
    folders = [_AT_FDCWD if place.folder is None else place.folder for place in (a, b)]
    result = libc.renameat2(
        folders[0],
        ctypes.c_char_p(names[0]),
        folders[1],
        ctypes.c_char_p(names[1]),
        ctypes.c_uint(flags),
    )
    if result == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), a.name, None, b.name)


def _swap_by_links(a: _Place, b: _Place) -> None:
    """Swap so that there is something at `b` at every moment, the old or the new."""
    spare = _Place(a.folder, f"{a.name}~")
    try:
        _give_second_name(b, spare)
        _replace(a, b)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(spare.name, dir_fd=spare.folder)
        raise
    _replace(spare, a)


def _move_by_links(a: _Place, b: _Place) -> None:
    try:
        _link(a, b)
    except (FileExistsError, FileNotFoundError):
        raise
    except (OSError, NotImplementedError):
        _move_by_claim(a, b)
    else:
        os.unlink(a.name, dir_fd=a.folder)


def _move_by_claim(a: _Place, b: _Place) -> None:
    """Take the new name first, by an empty file, and then replace that: without links."""
    os.close(os.open(b.name, _NEW_FILE, 0o600, dir_fd=b.folder))
    try:
        _replace(a, b)
    except OSError:
        os.unlink(b.name, dir_fd=b.folder)
        raise


def _give_second_name(first: _Place, second: _Place) -> None:
    """Give a file a second name, or, where there are no hard links, a copy of that name."""
    try:
        _link(first, second)
    except (OSError, NotImplementedError):
        _copy(first, second)


def _copy(first: _Place, second: _Place) -> None:
    source = os.open(first.name, _OLD_FILE, dir_fd=first.folder)
    with os.fdopen(source, "rb") as old:
        target = os.open(second.name, _NEW_FILE, 0o600, dir_fd=second.folder)
        with os.fdopen(target, "wb") as new:
            while chunk := old.read(1 << 20):
                new.write(chunk)
            new.flush()
            _copy_attributes(old.fileno(), new.fileno())
            _set_mode(new.fileno(), stat.S_IMODE(os.fstat(old.fileno()).st_mode))
            os.fsync(new.fileno())


def _link(existing: _Place, new: _Place) -> None:
    os.link(
        existing.name,
        new.name,
        src_dir_fd=existing.folder,
        dst_dir_fd=new.folder,
        follow_symlinks=False,
    )


def _replace(a: _Place, b: _Place) -> None:
    os.replace(a.name, b.name, src_dir_fd=a.folder, dst_dir_fd=b.folder)


def _set_mode(fd: int, mode: int) -> None:
    """Set permission bits where they differ: a file system without modes is asked for nothing."""
    if stat.S_IMODE(os.fstat(fd).st_mode) != mode:
        os.fchmod(fd, mode)


def _copy_attributes(source: int, target: int) -> None:
    """Give a new file the owner and extended attributes of another, as far as we may."""
    old, new = os.fstat(source), os.fstat(target)
    if old.st_uid != new.st_uid:
        with suppress(OSError):
            os.fchown(target, old.st_uid, -1)
    if old.st_gid != new.st_gid:
        with suppress(OSError):
            os.fchown(target, -1, old.st_gid)
    if hasattr(os, "listxattr"):
        _copy_extended_attributes(source, target)


def _copy_extended_attributes(source: int, target: int) -> None:
    try:
        wanted, present = os.listxattr(source), os.listxattr(target)
    except OSError:
        return
    for name in wanted:
        with suppress(OSError):
            os.setxattr(target, name, os.getxattr(source, name))
    # A folder may give its files an access list that the old file did not have.
    for name in set(present) - set(wanted):
        with suppress(OSError):
            os.removexattr(target, name)
