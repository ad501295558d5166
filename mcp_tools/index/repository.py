"""Where the index of a root is kept: worktrees of one git repository share a database.

Git is not run, and what its files say is only made a name of: nothing that they name is opened,
but for the file `commondir` of a worktree.
"""

import hashlib
import os
import re
from pathlib import Path

from mcp_tools.index.schema import SUFFIX

_MAX_LINE_BYTES = 4096
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME_CHARS = 40


def database_path(cache: Path, root: Path) -> Path:
    """Give the path of the database for a root, in the cache folder of this program."""
    top = next((folder for folder in (root, *root.parents) if _is_top(folder)), None)
    if top is None:
        return cache / "index" / _name(root, "")
    return cache / "index" / _name(_common_folder(top), root.relative_to(top).as_posix())


def _is_top(folder: Path) -> bool:
    return os.path.lexists(folder / ".git")


def _common_folder(top: Path) -> Path:
    """Give the folder that all worktrees have in common; the top's own `.git` in doubt."""
    dot_git = top / ".git"
    if dot_git.is_dir():
        return Path(os.path.realpath(dot_git))
    line = _first_line(dot_git)
    if not line.startswith("gitdir: "):
        return dot_git
    folder = Path(os.path.normpath(top / line.removeprefix("gitdir: ")))
    common = _first_line(folder / "commondir")
    if not common:
        return folder
    return Path(os.path.realpath(folder / common))


def _first_line(path: Path) -> str:
    try:
        if not path.is_file() or path.is_symlink():
            return ""
        with path.open("rb") as file:
            line = file.readline(_MAX_LINE_BYTES)
    except OSError:
        return ""
    text = os.fsdecode(line).strip()
    return "" if "\0" in text else text


def _name(folder: Path, below: str) -> str:
    owner = folder.parent if folder.name == ".git" else folder
    label = _UNSAFE.sub("_", owner.name)[:_MAX_NAME_CHARS].strip(".")
    identity = os.fsencode(folder) + b"\0" + os.fsencode(below)
    return f"{label}-{hashlib.blake2b(identity, digest_size=8).hexdigest()}{SUFFIX}"
