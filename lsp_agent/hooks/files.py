"""Reading the user's file of hooks, if it is the user's alone."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

MAX_BYTES = 1_000_000

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

FileState: TypeAlias = tuple[int, int, int, int, int, int] | None
"""What tells that a file is still the one that was read; None if there is none."""


@dataclass(frozen=True, slots=True)
class NotOwn(Exception):
    """Others could have written the file, so it is not used; the text says what to do."""

    text: str

    def __str__(self) -> str:
        return self.text


def state_of(path: Path) -> FileState:
    """Tell which file is there, and in which state."""
    try:
        status, folder = os.stat(path), os.stat(path.parent)
    except OSError:
        return None
    return (
        *(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode),
        folder.st_mode,
    )


def read_own(path: Path) -> str | None:
    """Give the text of a file of the user's own; None if there is none.

    Raises: NotOwn if others could have written it; OSError, UnicodeDecodeError, ValueError if it
        cannot be read, or is too long.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(fd, "rb") as file:
        for place, status in ((path, os.fstat(fd)), (path.parent, os.stat(path.parent))):
            _check_own(place, status)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError("it is not a file")
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES} bytes")
    return data.decode("utf-8")


def _check_own(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise NotOwn(f"{str(path)!r} belongs to another user, so no hook of it is used")
    if status.st_mode & _OTHERS_WRITE:
        raise NotOwn(
            f"others can write to {str(path)!r}, so no hook of it is used; look at what is in it, "
            f"then run `chmod go-w {path}`"
        )
