"""A walk over all files of a project, with what `stat` says of each.

The rules are those of `IgnoreRules`, held as a stack while the walk goes down, so that a folder
without rule files costs nothing more than its listing. No link is followed, so there is no loop.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pathspec import GitIgnoreSpec

from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.stats import Stat, stat_of
from mcp_tools.workspace.ignore import ALWAYS_IGNORED, RULE_FILES, parse_rules

IsWanted: TypeAlias = Callable[[str], bool]
"""Tells by a file's bare name whether the walk shall give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What a walk has found, by paths relative to the root with `/`."""

    files: dict[str, Stat]
    folders: tuple[str, ...]
    """All folders that are not ignored and can be listed; the root is the empty path."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of one folder, and those of the folders around it."""

    folder: str
    """With a `/` at its end, or empty."""
    spec: GitIgnoreSpec
    outer: "_Rules | None"


def walk(root: Path, is_wanted: IsWanted) -> Walked:
    """Give the wanted files below `root`; what may not be read is passed over."""
    files: dict[str, Stat] = {}
    folders: list[str] = []
    todo: list[tuple[str, _Rules | None]] = [("", None)]
    top = f"{root}/"
    while todo:
        folder, rules = todo.pop()
        entries = _entries(top + folder)
        if entries is None:
            continue
        rules = _with_rules_of(root, folder, entries, rules)
        folders.append(folder.rstrip("/"))
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if not _is_ignored(f"{folder}{name}/", rules) and name not in ALWAYS_IGNORED:
                    todo.append((f"{folder}{name}/", rules))
            elif is_wanted(name) and not _is_ignored(folder + name, rules):
                files.update(_stated(folder, entry))
    return Walked(files=files, folders=tuple(folders))


def _entries(folder: str) -> list["os.DirEntry[str]"] | None:
    """List a folder; None if it is gone by now, or closed to us."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return None


def _stated(folder: str, entry: "os.DirEntry[str]") -> Iterator[tuple[str, Stat]]:
    with suppress(OSError):  # deleted while the folder was being listed
        if entry.is_file(follow_symlinks=False):
            yield folder + entry.name, stat_of(entry.stat(follow_symlinks=False))


def _with_rules_of(
    root: Path, folder: str, entries: list["os.DirEntry[str]"], outer: _Rules | None
) -> _Rules | None:
    names = {entry.name for entry in entries if entry.name in RULE_FILES}
    if not names:
        return outer
    texts = [_text(root, root / folder / name) for name in RULE_FILES if name in names]
    spec = parse_rules(texts)
    return outer if spec is None else _Rules(folder, spec, outer)


def _text(root: Path, path: Path) -> str:
    try:
        return DiskSource(root).read(path).text
    except ExpectedError:
        return ""


def _is_ignored(name: str, rules: _Rules | None) -> bool:
    while rules is not None:
        found = rules.spec.check_file(name.removeprefix(rules.folder)).include
        if found is not None:
            return found
        rules = rules.outer
    return False
