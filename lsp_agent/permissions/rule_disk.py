"""The files that rules are kept in: who can write there is looked at first."""

import os
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout

from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.journal.private import sync_folder

MAX_FILE_BYTES = 1_000_000
LOCK_TIMEOUT_S = 2.0
_OLD = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_N_RIGHTS = 4
"""So many figures of a look at a path say which one it is, and who may write there."""
_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH

Stamp: TypeAlias = tuple[tuple[int, ...] | None, ...]
"""Changes when a file, its folder, or who may write there does."""


class UnusableFile(ExpectedError):
    """The file cannot be relied on; it says why, and what to do."""


def stamp_of(path: Path) -> Stamp:
    """Look at a file and its folder, without reading."""
    folder = _looked_at(path.parent)
    return _looked_at(path), None if folder is None else folder[-_N_RIGHTS:]


def read_users(path: Path) -> str | None:
    """Give the text of a file that only its user may have written; None if there is none.

    A link is followed, if it lies in the user's own folder.
    Raises: UnusableFile.
    """
    try:
        return _read(path, os.open(path, _OLD), is_own=True)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnusableFile(f"it cannot be read: {error.strerror}") from error


def read_projects(path: Path) -> str | None:
    """Give the text of a file of a project, None if there is none; a link is not followed.

    Raises: UnusableFile.
    """
    try:
        return _read(path, os.open(path, _OLD | os.O_NOFOLLOW), is_own=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnusableFile(f"it cannot be read: {error.strerror}") from error


@contextmanager
def writing(path: Path) -> Generator[None]:
    """Keep other programs of ours from writing the user's file meanwhile.

    Raises: UnusableFile if they do so for long, or the folder cannot be made.
    """
    try:
        os.makedirs(path.parent, mode=0o700, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_TIMEOUT_S, mode=0o600):
            yield
    except Timeout as error:
        raise UnusableFile(f"{str(path)!r} is being written; try again") from error
    except OSError as error:
        raise UnusableFile(f"{str(path)!r} cannot be written: {error.strerror}") from error


def replace_users(path: Path, text: str) -> None:
    """Put a text in the place of the user's file, which only the user can read.

    Raises: UnusableFile; what was there before is there still.
    """
    try:
        target = Path(os.path.realpath(path))
        temporary = target.with_name(f".{target.name}-{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(temporary, _NEW, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
        sync_folder(target.parent)
    except OSError as error:
        raise UnusableFile(f"{str(path)!r} cannot be written: {error.strerror}") from error


def _read(path: Path, fd: int, *, is_own: bool) -> str:
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise UnusableFile("it is no regular file")
        if is_own:
            _check_own(path, status)
            _check_own(path.parent, os.stat(path.parent))
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UnusableFile(f"it is longer than {MAX_FILE_BYTES} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        raise UnusableFile(f"line {line_number}: it is not UTF-8") from error


def _check_own(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise UnusableFile(f"{str(path)!r} belongs to another user")
    if status.st_mode & _BY_OTHERS:
        raise UnusableFile(f"others can write to {str(path)!r}; run `chmod go-w {path}`")


def _looked_at(path: Path) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (
        status.st_mtime_ns,
        status.st_size,
        status.st_ctime_ns,
        # From here on, what also counts of a folder.
        status.st_ino,
        status.st_dev,
        status.st_mode,
        status.st_uid,
    )
