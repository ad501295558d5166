"""Which file a path means, and whether it lies in the workspace."""

import os
from pathlib import Path
from urllib.parse import unquote

from mcp_tools.types.errors import NotFound, OutsideWorkspace

ROOT_MARKERS = (".git", "pyproject.toml", "setup.py", "package.json", "Cargo.toml", "go.mod")
"""What the top folder of a project has at least one of."""


def root_path(path: str | Path) -> Path:
    """Give the canonical form of a workspace root: absolute, links resolved.

    Raises: NotFound if it is not an existing directory.
    """
    root = Path(os.path.realpath(path))
    if not root.is_dir():
        raise NotFound(f"expected a directory as the workspace root, got {str(path)!r}")
    return root


def resolve_in(root: Path, path: str | Path) -> Path:
    """Give the canonical path of `path`, taken from `root` when it is relative.

    Links are followed, so that one file has one path whatever name it was opened by; whole
    components are compared, so that a sibling folder with the same prefix is outside.
    Raises: OutsideWorkspace if it leads out of `root`, or is not a possible name.
    """
    text = _named_file(root, str(path))
    if "\0" in text:
        raise OutsideWorkspace(f"expected a path, got one with a NUL character: {text!r}")
    try:
        real = Path(os.path.realpath(root / text))
    except UnicodeEncodeError as error:
        raise OutsideWorkspace(
            f"expected a path, got one with a character that no file name has: {text!r}"
        ) from error
    if real == root or root in real.parents:
        return real
    lexical = Path(os.path.normpath(root / text))
    if lexical == root or root in lexical.parents:
        raise OutsideWorkspace(
            f"{text!r} is a link that leads out of the workspace, to {str(real)!r}; "
            "the workspace ends at its root folder"
        )
    raise OutsideWorkspace(f"{text!r} is outside of the workspace {str(root)!r}")


def _named_file(root: Path, text: str) -> str:
    """Give the path in a name as people and models write them. Raises: OutsideWorkspace."""
    if text.startswith("file:///"):
        return unquote(text.removeprefix("file://"))
    if text.split("/", 1)[0] == "~" and not os.path.lexists(root / "~"):
        raise OutsideWorkspace(
            f"{text!r} is outside of the workspace: `~` is the home folder, in a shell only"
        )
    return text


def project_root(folder: Path, *, or_else: Path | None = None) -> Path:
    """Give the nearest folder, from `folder` upwards, that looks like a project.

    Where there is none it is `or_else`, if `folder` lies in that, and `folder` otherwise. The
    home folder and the file system's root are never taken for a project, whatever is in them.
    """
    no_projects = _no_projects(folder)
    for candidate in (folder, *folder.parents):
        if candidate in no_projects:
            break
        if any(os.path.lexists(candidate / marker) for marker in ROOT_MARKERS):
            return candidate
    is_usable = or_else in (folder, *folder.parents) and or_else not in no_projects
    return or_else if or_else is not None and is_usable else folder


def is_project_root(folder: Path) -> bool:
    """Tell whether a folder may be taken for a project without being named as one.

    The home folder and the file system's root may not: all that a person has lies in them.
    """
    return folder not in _no_projects(folder)


def _no_projects(folder: Path) -> frozenset[Path]:
    return frozenset({Path(folder.anchor), *_home_folders()})


def _home_folders() -> tuple[Path, ...]:
    """Give the home folder by its name and by where its links lead; nothing without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return ()
    return home, Path(os.path.realpath(home))
