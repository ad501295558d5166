"""Reading what a command left in a private folder: an overlay's upper folder, or a copy.

The folder is at rest by then, and nobody else's, so what is closed to us in it may be opened.
"""

import os
import stat
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lsp_agent.sandbox.collecting import Collection
from lsp_agent.sandbox.laying import is_white_out
from lsp_agent.sandbox.left_out import LeftOut, Reason
from mcp_tools.types.contents import Folder, State
from mcp_tools.types.errors import ExpectedError, TooLarge
from mcp_tools.workspace.disk.source import DiskSource

_OPAQUE = "user.overlay.opaque"


class Leavings:
    """Tells a collection what is in a private folder that stood in for the root."""

    def __init__(self, folder: Path, root: Path, collection: Collection, left_out: LeftOut) -> None:
        """Take the folder, without a link in its path, and the root that it stood in for."""
        self._folder = folder
        self._root = root
        self._collection = collection
        self._left_out = left_out
        self._source = DiskSource(folder)

    def add_upper(self) -> None:
        """Tell of all in the upper folder of an overlay: what was written, and only that.

        What was removed is there as a white-out; a folder that took the place of another one says
        so in an attribute, and any other may be there only because something in it changed.
        Raises: ProgramFailed if it is too much.
        """
        folders = [self._folder]
        while folders:
            folder = folders.pop()
            for found, status in self._listed(folder):
                if is_white_out(status):
                    self._collection.add(self._in_root(found), None)
                    continue
                self.add(found, status.st_mode, n_links=status.st_nlink)
                if stat.S_ISDIR(status.st_mode):
                    folders.append(found)

    def add_files(self, paths: tuple[Path, ...]) -> None:
        """Tell of these paths of the root alone, those of them that are here.

        Raises: ProgramFailed if it is too much.
        """
        for path in paths:
            found = self._folder / path.relative_to(self._root)
            with suppress(OSError):
                status = os.lstat(found)
                if not is_white_out(status):
                    self.add(found, status.st_mode, n_links=status.st_nlink)

    def add(self, found: Path, mode: int, *, n_links: int) -> None:
        """Tell what is at one path of the folder, without what is in it.

        The mode is the one that the command left, which may have been opened since.
        Raises: ProgramFailed if it is too much.
        """
        path = self._in_root(found)
        _open_up(found, mode)
        if stat.S_ISDIR(mode):
            state = State(content=Folder(), mode=stat.S_IMODE(mode))
            self._collection.add(path, state, is_replaced=is_opaque(found))
            return
        try:
            state = self._source.state(found)
        except TooLarge:
            self._collection.leave_out(path, Reason.TOO_LARGE)
            return
        except ExpectedError:
            self._collection.leave_out(path, Reason.SPECIAL)
            return
        if state is not None and stat.S_ISREG(mode):
            state = replace(state, mode=stat.S_IMODE(mode))
            if n_links > 1:
                self._left_out.add(Reason.HARD_LINK, path)
        self._collection.add(path, state)

    def _listed(self, folder: Path) -> list[tuple[Path, os.stat_result]]:
        try:
            with os.scandir(folder) as listed:
                return [(Path(item.path), item.stat(follow_symlinks=False)) for item in listed]
        except OSError:
            # So deep that its name is too long for the system.
            self._left_out.add(Reason.SPECIAL, self._in_root(folder))
            return []

    def _in_root(self, found: Path) -> Path:
        return self._root / found.relative_to(self._folder)


def _open_up(path: Path, mode: int) -> None:
    needed = {stat.S_IFDIR: stat.S_IRWXU, stat.S_IFREG: stat.S_IRUSR}
    bits = needed.get(stat.S_IFMT(mode), 0)
    if mode & bits != bits:
        with suppress(OSError):
            os.chmod(path, stat.S_IMODE(mode) | bits)


def is_opaque(folder: Path) -> bool:
    """Tell whether an overlay's folder hides the one below it; never true on other systems."""
    try:
        return os.getxattr(folder, _OPAQUE, follow_symlinks=False) == b"y"
    except (OSError, AttributeError):
        return False
