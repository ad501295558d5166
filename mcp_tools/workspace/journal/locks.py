"""Locks between processes; the system lets go of them when a process ends, however it ends."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.private import make_private_file

_POLL_S = 0.005
"""How often a lock is tried; one that is held again and again is free for milliseconds only."""


@contextmanager
def held(path: Path, *, timeout_s: float, busy: str) -> Generator[None]:
    """Hold the lock of a file for a while; two threads of one process exclude each other too.

    Raises: OSError; JournalFailed with the text `busy` if another has it for too long.
    """
    make_private_file(path)
    lock = _lock_of(path)
    try:
        lock.acquire(timeout=timeout_s, poll_interval=_POLL_S)
    except Timeout as error:
        raise JournalFailed(busy) from error
    try:
        yield
    finally:
        lock.release()


def lock_if_free(path: Path) -> FileLock | None:
    """Take the lock of a file; None if another has it. The caller releases it.

    Raises: OSError.
    """
    lock = _lock_of(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock


def _lock_of(path: Path) -> FileLock:
    # Without real locks in the file system, a file that merely exists would be the lock, and
    # would stay when its process is killed; so that is an error. Released by any thread.
    return FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False)
