"""Which folder it is: a name alone can come to stand for another one."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderIdentity:
    """What must stay the same for trust to stay."""

    path: str
    """Absolute, links resolved."""
    device: int
    inode: int
    owner: int
    """The number of the user whom the folder belongs to."""


def identity_of(root: Path) -> FolderIdentity | None:
    """Give the identity of the folder that a path leads to; None if there is no folder."""
    try:
        real = os.path.realpath(root)
        status = os.lstat(real)
    except (OSError, ValueError):
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    return FolderIdentity(path=real, device=status.st_dev, inode=status.st_ino, owner=status.st_uid)


def places_above(root: Path) -> tuple[Path, ...]:
    """Give a folder and those above it whose trust it shares, the nearest first.

    They end at a folder with a `.git` of its own, be it a repository, a worktree or a submodule:
    who trusted what lies around it was not asked about it.
    """
    places: list[Path] = []
    homes = _homes()
    for folder in (root, *root.parents):
        if _reason_against(folder, homes):
            break
        places.append(folder)
        if os.path.lexists(folder / ".git"):
            break
    return tuple(places)


def reason_against(folder: Path) -> str:
    """Say why nobody can vouch for all that a folder holds; empty if somebody can."""
    return _reason_against(folder, _homes())


def is_own_alone(folder: Path) -> bool:
    """Tell whether a folder belongs to the user, and nobody else can write to it."""
    status = os.stat(folder)
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _reason_against(folder: Path, homes: tuple[Path, ...]) -> str:
    if any(folder in (home, *home.parents) for home in homes) or folder == folder.parent:
        return "it holds all that is yours, whoever made it; trust single projects in it"
    try:
        mode = os.stat(folder).st_mode
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if mode & stat.S_IWOTH:
        return f"everybody can write to it; run `chmod o-w {folder}` first"
    return ""


def _homes() -> tuple[Path, ...]:
    """Give the home folder by its name and by where its links lead; nothing without a home."""
    home = os.path.expanduser("~")
    return () if home == "~" else (Path(home), Path(os.path.realpath(home)))
