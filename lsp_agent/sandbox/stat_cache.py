"""What the system says about each file of a tree, unread: to find what changed.

A file whose stamp is the same as before is the same, except one: a file that changed within the
same tick of the file system's clock in which its stamp was taken may change once more without a
trace ("racily clean", as git calls it). Such files must be read again to be sure.
"""

import os
import stat
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from lsp_agent.sandbox.collecting import VERSION_CONTROL

Stamp: TypeAlias = tuple[int, int, int, int, int]
"""Changed, changed inode (both ns), size, inode number, mode with kind."""

Stamps: TypeAlias = Mapping[str, Stamp]
"""By name from the root, with `/`; parents before what is in them."""

TICK_NS = 2_000_000_000
"""The coarsest clock of a file system that is in use, that of FAT."""

_KIND, _FOLDER = 0o170000, stat.S_IFDIR
_OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def open_folder(path: str) -> int:
    """Open a folder for listing; a link in its place is not followed.

    Raises: OSError.
    """
    return os.open(path, _OPEN_FOLDER)


def scan(
    root: str,
    *,
    skipped: Collection[str] = VERSION_CONTROL,
    open_folder: Callable[[str], int] = open_folder,
) -> dict[str, Stamp]:
    """Give the stamps of all in a folder, links not followed, without names in `skipped`.

    What vanishes meanwhile, or cannot be entered, is left out.
    """
    stamps: dict[str, Stamp] = {}
    folders = [("", root)]
    # This runs for each file of a tree: plain strings, and no call that can be saved.
    while folders:
        prefix, folder = folders.pop()
        try:
            fd = open_folder(folder)
        except OSError:
            continue
        try:
            with os.scandir(fd) as found:
                for item in found:
                    name = item.name
                    if name in skipped:
                        continue
                    try:
                        s = item.stat(follow_symlinks=False)
                    except OSError:
                        continue
                    mode = s.st_mode
                    path = prefix + name
                    stamps[path] = (s.st_mtime_ns, s.st_ctime_ns, s.st_size, s.st_ino, mode)
                    if mode & _KIND == _FOLDER:
                        folders.append((path + "/", f"{folder}/{name}"))
        finally:
            os.close(fd)
    return stamps


def open_own_folder(path: str) -> int:
    """Open a folder that is ours alone, in which whatever closed it may be undone.

    Raises: OSError.
    """
    try:
        return open_folder(path)
    except PermissionError:
        os.chmod(path, stat.S_IRWXU)
        return open_folder(path)


def differing(old: Stamps, new: Stamps) -> tuple[list[str], list[str]]:
    """Give the names that are gone, and those that are new or changed, each in order.

    A folder counts as changed only with its mode or when it is another one: what is in it has
    names of its own.
    """
    if old == new:
        return [], []
    gone = [path for path in old if path not in new]
    changed = [path for path, stamp in new.items() if not _is_same(old.get(path), stamp)]
    return gone, changed


def is_racy(stamp: Stamp, taken_at_ns: int) -> bool:
    """Tell whether a file could change after its stamp was taken, and keep the stamp."""
    return max(stamp[0], stamp[1]) > taken_at_ns - TICK_NS


def _is_same(old: Stamp | None, new: Stamp) -> bool:
    if old == new:
        return True
    return old is not None and stat.S_ISDIR(new[4]) and old[3:] == new[3:]
