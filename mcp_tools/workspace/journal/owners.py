"""Which processes are at work: each open journal holds the lock of a file of its own.

An entry names its owner. The system lets go of a lock when its process ends, also by a kill, so
an owner whose lock can be taken, or whose file is gone, is gone itself. Two askers at once would
take each other for the owner: whoever asks or comes holds the lock of the store's opening.
"""

import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.locks import lock_if_free
from mcp_tools.workspace.journal.private import (
    Identity,
    identity_of,
    make_private_file,
    make_private_folder,
    names_in,
    remove_if_there,
)

_NAME = re.compile(r"([0-9a-f]{16})\.lock")


class Owners:
    """The owners of one journal's entries, this one among them."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the lock files; nothing is made yet."""
        self.own_id = secrets.token_hex(8)
        self._folder = folder
        self._lock: FileLock | None = None
        self._identity: Identity | None = None

    def come(self) -> None:
        """Let the others see that this owner is alive.

        Raises: OSError; JournalFailed.
        """
        path = self._path_of(self.own_id)
        if self._lock is not None and self._identity == identity_of(path):
            return
        self.go()  # the folder was removed while we were using it
        make_private_folder(self._folder)
        make_private_file(path)
        self._lock = lock_if_free(path)
        if self._lock is None:
            raise JournalFailed(f"another process holds {str(path)!r}; try again")
        self._identity = identity_of(path)

    def go(self) -> None:
        """Let the others see that this owner is gone; what it left unfinished is theirs."""
        if self._lock is not None:
            with suppress(OSError):
                remove_if_there(self._path_of(self.own_id))
            self._lock.release()
            self._lock = None

    def gone(self, owner_ids: Iterable[str]) -> frozenset[str]:
        """Give those of the owners whose process has ended, or who have closed their journal.

        Raises: OSError.
        """
        return frozenset(owner_id for owner_id in owner_ids if self._is_gone(owner_id))

    def left_behind(self) -> frozenset[str]:
        """Give the owners that did not close their journal, and whose process has ended.

        Raises: OSError; JournalFailed.
        """
        make_private_folder(self._folder)
        found = (_NAME.fullmatch(name) for name in names_in(self._folder))
        return self.gone(match[1] for match in found if match is not None)

    def forget(self, owner_id: str) -> None:
        """Remove the file of an owner that is gone.

        Raises: OSError.
        """
        remove_if_there(self._path_of(owner_id))

    def _is_gone(self, owner_id: str) -> bool:
        path = self._path_of(owner_id)
        if owner_id == self.own_id:
            return False
        if identity_of(path) is None:
            return True
        lock = lock_if_free(path)
        if lock is None:
            return False
        lock.release()
        return True

    def _path_of(self, owner_id: str) -> Path:
        return self._folder / f"{owner_id}.lock"
