"""A folder on disk as a value, to compare all of it at once."""

import os
from pathlib import Path


def tree(root: Path) -> dict[str, bytes | None]:
    """Give every file below `root` with its bytes, and every folder, ending in `/`, with None."""
    found: dict[str, bytes | None] = {}
    for folder, folder_names, file_names in os.walk(root):
        for name in folder_names:
            found[(Path(folder) / name).relative_to(root).as_posix() + "/"] = None
        for name in file_names:
            path = Path(folder) / name
            found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def modes(root: Path) -> dict[str, int]:
    """Give the permission bits of every file below `root`."""
    return {
        path.relative_to(root).as_posix(): path.stat().st_mode & 0o7777
        for path in sorted(root.rglob("*"))
    }
