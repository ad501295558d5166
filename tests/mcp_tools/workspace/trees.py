"""A folder on disk as a value, to compare all of it at once."""

import os
import stat
from pathlib import Path


def tree(root: Path) -> dict[str, bytes | None]:
    """Give every file below `root` with its bytes, and every folder, ending in `/`, with None.

    A link is an arrow and its target; what is no file, such as a pipe, is a question mark.
    """
    found: dict[str, bytes | None] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            found[name] = b"-> " + os.fsencode(path.readlink())
        elif stat.S_ISDIR(mode):
            found[f"{name}/"] = None
        else:
            found[name] = path.read_bytes() if stat.S_ISREG(mode) else b"?"
    return found


def modes(root: Path) -> dict[str, int]:
    """Give the permission bits of every file and folder below `root`, but not of links."""
    return {
        path.relative_to(root).as_posix(): path.stat().st_mode & 0o7777
        for path in sorted(root.rglob("*"))
        if not path.is_symlink()
    }
