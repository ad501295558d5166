"""Failures of the system, told as failures of the journal: what happened, and what to do."""

import errno
from pathlib import Path

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.database import Damaged, SqlError, error_name, is_damage

_FREE_SPACE = "free some space on its disk and try again"
_GET_RIGHTS = "see to it that you may write there"
_LOCKS_NEEDED = "its file system has no locks, so put your cache folder on another"

_SYSTEM_ADVICE = {
    errno.EACCES: _GET_RIGHTS,
    errno.EDQUOT: _FREE_SPACE,
    errno.ENOENT: "something removed a part of it just now, so try again",
    errno.ENOLCK: _LOCKS_NEEDED,
    errno.ENOSPC: _FREE_SPACE,
    errno.ENOSYS: _LOCKS_NEEDED,
    errno.ENOTDIR: "a file is where a folder is needed, so move that away",
    errno.EPERM: _GET_RIGHTS,
    errno.EROFS: _GET_RIGHTS,
}

_DATABASE_ADVICE = {
    "SQLITE_BUSY": "another process has been writing it for too long, so try again",
    "SQLITE_CANTOPEN": _GET_RIGHTS,
    "SQLITE_FULL": _FREE_SPACE,
    "SQLITE_PERM": _GET_RIGHTS,
    "SQLITE_READONLY": _GET_RIGHTS,
}

_SEE_DISK = "see to its disk, or move it away to begin a new one"


def system_failure(folder: Path, error: OSError) -> JournalFailed:
    """Tell of an error of the system."""
    advice = _SYSTEM_ADVICE.get(error.errno or 0, _SEE_DISK)
    return _failure(folder, error.strerror or str(error), advice)


def database_failure(folder: Path, error: SqlError) -> JournalFailed:
    """Tell of an error of the database; `Damaged` if it is that."""
    if is_damage(error):
        return Damaged(f"the undo journal in {str(folder)!r} is damaged ({error})")
    advice = _DATABASE_ADVICE.get(error_name(error), _SEE_DISK)
    return _failure(folder, str(error), advice)


def _failure(folder: Path, reason: str, advice: str) -> JournalFailed:
    return JournalFailed(f"the undo journal in {str(folder)!r} cannot be used: {reason}; {advice}")
