"""Everything that a folder holds, to be compared before and after."""

import os
import stat
from pathlib import Path


def walked(folder: Path) -> dict[str, tuple[str, int, bytes]]:
    """Give kind, permissions and content (of a link its target) of all that is below a folder."""
    found: dict[str, tuple[str, int, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            # A link has no permissions of its own on Linux.
            entry = ("link", 0, os.fsencode(os.readlink(path)))
        elif stat.S_ISDIR(status.st_mode):
            entry = ("folder", stat.S_IMODE(status.st_mode), b"")
        else:
            entry = ("file", stat.S_IMODE(status.st_mode), path.read_bytes())
        found[path.relative_to(folder).as_posix()] = entry
    return found
