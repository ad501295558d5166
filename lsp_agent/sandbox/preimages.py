"""What files held before a command, kept in one private file without a name, within bounds.

A content is read once: as long as a file's stamp stays the same, so does what is kept of it. What
finds no room is remembered by name alone, so that a change of it can at least be told.
"""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.sandbox.stat_cache import Stamp, is_racy
from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.types.errors import ExpectedError, NotText
from mcp_tools.workspace.disk.beneath import open_file
from mcp_tools.workspace.encoding import MAX_FILE_BYTES, decode


@dataclass(frozen=True, slots=True)
class KeptLimits:
    """How much is kept of what was there before a command."""

    n_bytes: int = 512 * 1024 * 1024
    n_file_bytes: int = 8 * 1024 * 1024
    """A file larger than this is not kept."""
    n_files: int = 200_000


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: Stamp
    offset: int
    is_racy: bool


class Preimages:
    """States of the files below one root, by name and stamp."""

    def __init__(self, root: Path, folder: Path, limits: KeptLimits) -> None:
        """Take the root, a folder of the user's own to keep contents in, and the bounds.

        Raises: OSError.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = root
        self._limits = limits
        self._fd, name = tempfile.mkstemp(dir=folder)
        # Without a name, it vanishes with our process.
        os.unlink(name)
        self._end = 0
        self._kept: dict[str, _Kept] = {}

    def close(self) -> None:
        """Forget everything."""
        self._kept.clear()
        os.close(self._fd)

    def keep(self, name: str, stamp: Stamp) -> None:
        """Read a file or link and keep it, if there is room and it can be read."""
        now_ns = self._now_ns()
        data = self._read(name, stamp)
        offset = None if data is None else self._place_of(name, stamp, data)
        if offset is None:
            self._kept.pop(name, None)
        else:
            self._kept[name] = _Kept(stamp, offset, is_racy(stamp, now_ns))

    def is_racy(self, name: str) -> bool:
        """Tell whether a file is kept, but could have changed since without a trace."""
        kept = self._kept.get(name)
        return kept is not None and kept.is_racy

    def forget(self, name: str) -> None:
        """Forget a file that is gone; its room is used again only after `start_over`."""
        self._kept.pop(name, None)

    def start_over(self) -> bool:
        """Forget everything if most of the room is lost to what is forgotten; tells if so."""
        if self._end <= self._limits.n_bytes // 2:
            return False
        if sum(kept.stamp[2] for kept in self._kept.values()) >= self._end // 2:
            return False
        self._kept.clear()
        os.ftruncate(self._fd, 0)
        self._end = 0
        return True

    def holds(self, name: str, stamp: Stamp) -> bool:
        """Read a file again, and tell whether it is still as kept."""
        kept = self._kept.get(name)
        return kept is not None and self._read(name, stamp) == self._bytes(kept)

    def state(self, name: str, stamp: Stamp) -> State | None:
        """Give the state of a file, link or folder as it was with this stamp; None if unkept."""
        mode = stat.S_IMODE(stamp[4])
        if stat.S_ISDIR(stamp[4]):
            return State(content=Folder(), mode=mode)
        kept = self._kept.get(name)
        if kept is None or kept.stamp != stamp:
            return None
        data = self._bytes(kept)
        if stat.S_ISLNK(stamp[4]):
            return State(content=Link(os.fsdecode(data)))
        content, has_bom = _content(data, self._root / name)
        return State(content=content, mode=mode, has_bom=has_bom)

    def _place_of(self, name: str, stamp: Stamp, data: bytes) -> int | None:
        """Give where the bytes are in the pack, and write them there if they are new."""
        kept = self._kept.get(name)
        if kept is not None and kept.stamp == stamp and self._bytes(kept) == data:
            return kept.offset
        offset = self._end
        is_full = kept is None and len(self._kept) >= self._limits.n_files
        if is_full or offset + len(data) > self._limits.n_bytes:
            return None
        os.pwrite(self._fd, data, offset)
        self._end += len(data)
        return offset

    def _now_ns(self) -> int:
        """Give the time as the file system has it: files get theirs from the same clock."""
        os.utime(self._fd)
        return os.fstat(self._fd).st_mtime_ns

    def _bytes(self, kept: _Kept) -> bytes:
        return os.pread(self._fd, kept.stamp[2], kept.offset)

    def _read(self, name: str, stamp: Stamp) -> bytes | None:
        """Give the bytes of a file, or of a link's target, if its size is still that one."""
        try:
            if stat.S_ISLNK(stamp[4]):
                data = os.fsencode(os.readlink(self._root / name))
            elif stat.S_ISREG(stamp[4]) and stamp[2] <= self._limits.n_file_bytes:
                with os.fdopen(open_file(self._root, self._root / name), "rb") as file:
                    data = file.read(stamp[2] + 1)
            else:
                return None
        except (OSError, ExpectedError):
            return None
        return data if len(data) == stamp[2] else None


def _content(data: bytes, path: Path) -> tuple[Content, bool]:
    if len(data) > MAX_FILE_BYTES:
        return Binary(data), False
    try:
        return decode(data, path)
    except NotText:
        return Binary(data), False
