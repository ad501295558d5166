"""Whether a repository shows objects of another one, which may be private."""

import os
from collections.abc import Iterator
from pathlib import Path

_ELSEWHERE = ("info/alternates", "info/http-alternates")
"""Files that name other places of objects.

Source: gitrepository-layout(5) of git 2.52.
"""


def foreign_objects(folder: Path) -> str:
    """Give the file by which a repository's folder shows objects from elsewhere; empty if none.

    Links count, wherever they lead: git does not make them.
    """
    objects = folder / "objects"
    if os.path.islink(objects):
        return "objects"
    named = (name for name in _ELSEWHERE if os.path.lexists(objects / name))
    found = next(named, None) or next(_links(objects), None)
    return f"objects/{found}" if found else ""


def _links(objects: Path) -> Iterator[str]:
    """Give the links in a folder and in those in it, by their names from there."""
    for entry in _entries(objects):
        if entry.is_symlink():
            yield entry.name
        elif entry.is_dir(follow_symlinks=False):
            yield from (f"{entry.name}/{e.name}" for e in _entries(entry) if e.is_symlink())


def _entries(folder: "Path | os.DirEntry[str]") -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
