"""The log on disk: only grows, put aside when large; other processes add too."""

import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from lsp_agent.audit.chain import EMPTY, Break, End, Head, breaks, opened, sealed
from mcp_tools.types.errors import JournalFailed
from mcp_tools.types.json import JsonObject
from mcp_tools.workspace.journal.private import (
    check_private_folder,
    make_private_file,
    make_private_folder,
    remove_if_there,
)

LOG_NAME = "calls.jsonl"
HEAD_NAME = "calls.head"
"""Where the log ends: what is cut off the end of it would not break the chain."""
LOCK_NAME = "calls.lock"
MAX_FILE_BYTES = 5_000_000
MAX_OLD_FILES = 9
LOCK_TIMEOUT_S = 5.0
_TAILS_BYTES = (16_384, 262_144)
"""More than nearly all lines have, and than any has."""
_OLD = re.compile(r"calls-[0-9]{10}\.jsonl")
_HEAD = re.compile(rb"([0-9]{1,15}) ([0-9a-f]{64}) ([0-9]{1,15}) *\n")
_HEAD_BYTES = 112
_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class AuditLog:
    """The lines about one workspace, in a private folder."""

    def __init__(self, folder: Path, *, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        """Take the folder, which is made when the first line is written."""
        self._folder = folder
        self._path = folder / LOG_NAME
        self._max_file_bytes = max_file_bytes
        self._lock = FileLock(folder / LOCK_NAME, timeout=LOCK_TIMEOUT_S, mode=0o600)

    def append(self, entries: Iterable[JsonObject]) -> None:
        """Add lines to the end, whoever added to it before.

        Raises: OSError, JournalFailed.
        """
        make_private_folder(self._folder)
        with self._locked():
            make_private_file(self._path)
            fd = os.open(self._path, _APPEND)
            try:
                size_bytes = self._write(fd, entries)
            finally:
                os.close(fd)
            if size_bytes >= self._max_file_bytes:
                self._put_aside()

    def lines(self) -> Iterator[str]:
        """Give all lines, the oldest first, without their line breaks.

        Raises: OSError.
        """
        for path in self._files():
            with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
                for line in file:
                    yield line.removesuffix("\n")

    def head(self) -> Head | None:
        """Give where the log is known to end; None if that is not known.

        Raises: OSError.
        """
        try:
            data = (self._folder / HEAD_NAME).read_bytes()
        except FileNotFoundError:
            return None
        match = _HEAD.fullmatch(data)
        if match is None:
            return None
        return Head(End(int(match[1]), match[2].decode("ascii")), int(match[3]))

    def check(self) -> tuple[Sequence[str], Sequence[Break]]:
        """Give all lines, and the places where they are not as they were written.

        Raises: OSError, JournalFailed.
        """
        if not self._folder.is_dir():
            return (), ()
        check_private_folder(self._folder)
        with self._locked():
            texts, head, n_old = list(self.lines()), self.head(), len(self._old_files())
        found = breaks(texts, head)
        first = opened(texts[0]) if texts else None
        # Files are removed only when there are too many of them.
        if first is not None and first.number > 1 and n_old < MAX_OLD_FILES:
            reason = f"{first.number - 1} lines before it are missing"
            found.insert(0, Break(line=1, reason=reason))
        return texts, found

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

    def _write(self, fd: int, entries: Iterable[JsonObject]) -> int:
        end, n_torn_bytes = self._mended_end(fd)
        begin = end.number
        texts: list[str] = []
        if n_torn_bytes:
            text, end = sealed({"kind": "mended", "n_torn_bytes": n_torn_bytes}, end)
            texts.append(text)
        for entry in entries:
            text, end = sealed(entry, end)
            texts.append(text)
        # Noted before and after: whatever is killed in between, no line can be added unnoticed.
        self._write_head(Head(end, begin))
        _write_all(fd, "".join(f"{text}\n" for text in texts).encode("ascii"))
        self._write_head(Head(end, end.number))
        return os.fstat(fd).st_size

    def _mended_end(self, fd: int) -> tuple[End, int]:
        """Give the end of the chain; a line that was not written to its end is cut off."""
        size_bytes = os.fstat(fd).st_size
        if size_bytes == 0:
            return self._end_before(), 0
        tail = _tail(fd, size_bytes)
        n_torn_bytes = len(tail) - (tail.rfind(b"\n") + 1)
        if n_torn_bytes:
            os.ftruncate(fd, size_bytes - n_torn_bytes)
            tail = tail[: len(tail) - n_torn_bytes]
        lines = tail.split(b"\n")
        line = opened(lines[-2].decode("utf-8", "replace")) if len(lines) > 1 else None
        if line is not None:
            return End(line.number, line.hash), n_torn_bytes
        # A last line that was changed is told by whoever checks; the chain begins again after it.
        return self._end_before(), n_torn_bytes

    def _end_before(self) -> End:
        """Give where the files before this one ended."""
        head = self.head()
        return EMPTY if head is None else head.end

    def _write_head(self, head: Head) -> None:
        path = self._folder / HEAD_NAME
        make_private_file(path)
        text = f"{head.end.number} {head.end.hash} {head.least}".ljust(_HEAD_BYTES - 1) + "\n"
        fd = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.pwrite(fd, text.encode("ascii"), 0)
            os.ftruncate(fd, _HEAD_BYTES)
        finally:
            os.close(fd)

    def _put_aside(self) -> None:
        self._path.rename(self._folder / f"calls-{self._end_before().number:010d}.jsonl")
        old = self._old_files()
        for path in old[: max(0, len(old) - MAX_OLD_FILES)]:
            remove_if_there(path)

    def _files(self) -> list[Path]:
        """Give the files of the log, the oldest first."""
        current = [self._path] if self._path.is_file() else []
        return [*self._old_files(), *current]

    def _old_files(self) -> list[Path]:
        names = sorted(name for name in os.listdir(self._folder) if _OLD.fullmatch(name))
        return [self._folder / name for name in names]


def _tail(fd: int, size_bytes: int) -> bytes:
    """Give the last bytes: all of the last whole line, and what was torn after it."""
    tail = b""
    for n_bytes in _TAILS_BYTES:
        start = max(0, size_bytes - n_bytes)
        tail = os.pread(fd, size_bytes - start, start)
        if start == 0 or tail.count(b"\n") > 1:
            break
    return tail


def _write_all(fd: int, data: bytes) -> None:
    """Write all, or nothing: a full disk may take a part, which is taken back."""
    size_bytes = os.fstat(fd).st_size
    done = 0
    try:
        while done < len(data):
            done += os.write(fd, data[done:])
    except OSError:
        os.ftruncate(fd, size_bytes)
        raise
