"""Folders and files that nobody but the user may read; links are not followed to them.

A folder is made private before anything in it is looked at, so nobody else can plant something
between a check and its use. The checks go by name and open nothing: closing a second descriptor
of a database would drop the locks that SQLite holds on it for this process.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from mcp_tools.types.errors import JournalFailed

_OTHERS = 0o077
"""What a mode lets anybody but the owner do."""

Identity: TypeAlias = tuple[int, int]
"""Device and inode: which file it is, whatever its name."""


def make_private_folder(folder: Path) -> None:
    """Make a folder with its missing parents, or see that the one there is private.

    Raises: OSError; JournalFailed if it is something else, or another user's.
    """
    if not os.path.lexists(folder):
        missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
        for path in reversed(missing):
            with suppress(FileExistsError):  # another process was quicker
                os.mkdir(path, 0o700)
            sync_folder(path.parent)
    check_private_folder(folder)


def check_private_folder(folder: Path) -> None:
    """See that a folder is the user's own, and close it to others.

    Raises: OSError; JournalFailed.
    """
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise JournalFailed(_not_a("folder", folder, status))
    _close_to_others(folder, status, 0o700)


def make_private_file(path: Path) -> None:
    """Make an empty file, or see that the one there is private.

    Raises: OSError; JournalFailed if it is something else, or another user's.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    check_private_file(path)


def check_private_file(path: Path) -> None:
    """See that a file is the user's own, and close it to others.

    Raises: OSError; JournalFailed.
    """
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        raise JournalFailed(_not_a("file", path, status))
    _close_to_others(path, status, 0o600)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a loss of power, where its file system can."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Some network file systems cannot sync a folder; the files themselves are synced.
        with suppress(OSError):
            os.fsync(fd)
    finally:
        os.close(fd)


def remove_if_there(path: Path) -> None:
    """Remove a file that may be gone already.

    Raises: OSError for any other reason.
    """
    with suppress(FileNotFoundError):
        os.unlink(path)


def names_in(folder: Path) -> list[str]:
    """Give the names in a folder; none if there is no such folder.

    Raises: OSError.
    """
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def identity_of(path: Path) -> Identity | None:
    """Tell which file has this name now; None if there is none."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _close_to_others(path: Path, status: os.stat_result, mode: int) -> None:
    if status.st_uid != os.geteuid():
        raise JournalFailed(
            f"expected {str(path)!r} to be your own, it belongs to the user with the number "
            f"{status.st_uid}; move it away"
        )
    if stat.S_IMODE(status.st_mode) & _OTHERS:
        os.chmod(path, mode)


def _not_a(expected: str, path: Path, status: os.stat_result) -> str:
    found = "a link, which is not followed" if stat.S_ISLNK(status.st_mode) else "something else"
    return f"expected a {expected} at {str(path)!r}, found {found}; move it away"
