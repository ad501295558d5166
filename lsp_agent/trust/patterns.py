"""Folders that the user's own settings vouch for, such as `~/code/*`."""

import os
from fnmatch import fnmatchcase
from pathlib import Path

from lsp_agent.trust.identity import is_own_alone

_WILD = frozenset("*?[")


def pattern_for(root: Path) -> str:
    """Give the pattern that means exactly this folder."""
    return "".join(f"[{each}]" if each in _WILD else each for each in str(root))


def matching_pattern(root: Path, patterns: tuple[str, ...]) -> str:
    """Give the first pattern that vouches for the folder at `root`; empty if none does.

    A pattern is absolute or begins with `~/`. It stands for whole names: `*` does not reach into
    folders of a folder. One with a wildcard means only folders that belong to the user alone, so
    that nobody else puts one there.
    """
    return next((each for each in patterns if _matches(root, each)), "")


def _matches(root: Path, pattern: str) -> bool:
    wanted = Path(os.path.expanduser(pattern)).parts
    if not os.path.isabs(os.path.expanduser(pattern)) or len(wanted) != len(root.parts):
        return False
    if not all(map(fnmatchcase, root.parts, wanted)):
        return False
    is_one_folder = pattern == pattern_for(root) or not _WILD & frozenset(pattern)
    return is_one_folder or is_own_alone(root)
