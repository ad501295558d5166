"""What was denied for lack of a person, kept for when there is one.

The file only grows, one line each, until it is long; then the oldest go. It holds what would
have run, and nothing in it is ever run from there.
"""

import logging
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from mcp_tools.types.errors import ExpectedError, JournalFailed
from mcp_tools.workspace.journal.private import (
    check_private_folder,
    make_private_file,
    make_private_folder,
)

FILE_NAME = "waiting.jsonl"
LOCK_NAME = "waiting.lock"
MAX_KEPT = 200
"""Of more, the oldest are forgotten."""
MAX_FILE_BYTES = 1_000_000
LOCK_TIMEOUT_S = 2.0
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

logger = logging.getLogger(__name__)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One effect that did not happen."""

    at: str
    """When it was denied, as ISO 8601 with time zone."""
    who: str
    tool: str
    what: str
    """The line, the arguments, or the difference; long ones are cut with a mark."""
    folder: str = ""
    """Where a line would have run."""
    line: str = ""
    """The whole line, where it was one for a shell."""
    risk: str = ""
    reason: str = ""


class WaitingList:
    """The effects that wait for a word of the user, in one private file of a folder."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is made when the first is kept."""
        self._folder = folder
        self._path = folder / FILE_NAME
        self._lock = FileLock(folder / LOCK_NAME, timeout=LOCK_TIMEOUT_S, mode=0o600)

    def add(self, waiting: Waiting) -> bool:
        """Keep one; False if it cannot be kept, which is logged."""
        try:
            self._append(msgspec.json.encode(waiting) + b"\n")
        except (OSError, ExpectedError, UnicodeError) as error:
            logger.warning("what was denied cannot be kept for later: %s", error)
            return False
        return True

    def all(self) -> tuple[Waiting, ...]:
        """Give them, the oldest first; what cannot be read is left out.

        Raises: OSError, JournalFailed.
        """
        if not self._path.exists():
            return ()
        check_private_folder(self._folder)
        return tuple(_read(self._path.read_bytes().splitlines()))[-MAX_KEPT:]

    def clear(self) -> int:
        """Forget all, and give how many there were.

        Raises: OSError, JournalFailed.
        """
        if not self._path.exists():
            return 0
        with self._locked():
            n_kept = len(self.all())
            self._write(b"")
        return n_kept

    def _append(self, line: bytes) -> None:
        make_private_folder(self._folder)
        with self._locked():
            make_private_file(self._path)
            fd = os.open(self._path, _APPEND)
            try:
                # A torn line of a process that was killed ends here, and costs no other one.
                os.write(fd, b"\n" + line)
                size_bytes = os.fstat(fd).st_size
            finally:
                os.close(fd)
            if size_bytes > MAX_FILE_BYTES:
                kept = self.all()[-MAX_KEPT // 2 :]
                self._write(b"".join(msgspec.json.encode(each) + b"\n" for each in kept))

    def _write(self, data: bytes) -> None:
        """Replace the file as a whole."""
        anew = self._path.with_suffix(".new")
        anew.unlink(missing_ok=True)
        fd = os.open(anew, _ANEW, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
        os.replace(anew, self._path)

    @contextmanager
    def _locked(self) -> Generator[None]:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise JournalFailed(f"another process holds {self._lock.lock_file!r}") from error
        try:
            yield
        finally:
            self._lock.release()


def _read(lines: Iterable[bytes]) -> Iterable[Waiting]:
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=Waiting)
        except (msgspec.DecodeError, UnicodeError):
            continue
