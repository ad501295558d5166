"""Private folders for the time of one command; those that a killed process left are removed.

Each folder has a lock beside it, made first and removed last, so that a folder whose lock can be
taken belongs to nobody any more.
"""

import asyncio
import os
import shutil
import stat
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from mcp_tools.types.errors import CannotShow

_MAX_SWEPT = 20
"""Folders removed at one start; a crash leaves one, so there are hardly ever more."""


@asynccontextmanager
async def private_folder(place: Path) -> AsyncGenerator[Path]:
    """Give an empty folder in `place` that only the current user can enter, for a while.

    Raises: CannotShow if `place` cannot be made, or belongs to someone else.
    """
    lock, folder = await asyncio.to_thread(_made, place)
    try:
        yield folder
    finally:
        # Unsaved text must not stay behind, also when the task is cancelled once more.
        removal = asyncio.get_running_loop().run_in_executor(None, _removed, lock, folder)
        await asyncio.shield(removal)


def remove_tree(folder: Path) -> None:
    """Remove a folder, also one with folders in it that nobody may enter; links stay links."""
    for prepare in (None, _open_up):
        if os.path.lexists(folder):
            if prepare is not None:
                prepare(folder)
            # A tree deeper than Python's stack stays; it is in our own cache folder.
            with suppress(RecursionError):
                shutil.rmtree(folder, ignore_errors=True)


def _made(place: Path) -> tuple[FileLock, Path]:
    try:
        _claim(place)
        _sweep(place)
        # Paths below it are taken apart later, and must not have a link in them.
        place = Path(os.path.realpath(place))
        name = uuid.uuid4().hex
        lock = _lock_of(place / name)
        lock.acquire()
        (place / name).mkdir(mode=0o700)
    except (OSError, Timeout) as error:
        raise CannotShow(f"no private folder can be made in {str(place)!r}: {error}") from error
    return lock, place / name


def _claim(place: Path) -> None:
    """Make the place, or see that it is ours alone."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = os.lstat(place)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotShow(f"expected a folder of your own at {str(place)!r}; remove what is there")
    if stat.S_IMODE(found.st_mode) != 0o700:
        os.chmod(place, 0o700)


def _sweep(place: Path) -> None:
    """Remove what killed processes left."""
    with os.scandir(place) as found:
        names = [item.name for item in found if item.is_dir(follow_symlinks=False)]
    for name in names[:_MAX_SWEPT]:
        lock = _lock_of(place / name)
        with suppress(Timeout, OSError):
            lock.acquire()
            _removed(lock, place / name)


def _lock_of(folder: Path) -> FileLock:
    return FileLock(f"{folder}.lock", timeout=0, mode=0o600, thread_local=False)


def _removed(lock: FileLock, folder: Path) -> None:
    remove_tree(folder)
    with suppress(FileNotFoundError):
        os.unlink(f"{folder}.lock")
    lock.release()


def _open_up(folder: Path) -> None:
    """Make every folder enterable again, from the top down."""
    closed = [str(folder)]
    while closed:
        path = closed.pop()
        with suppress(OSError):
            os.chmod(path, 0o700)
            with os.scandir(path) as found:
                closed += [item.path for item in found if item.is_dir(follow_symlinks=False)]
