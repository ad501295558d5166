"""Which protected files an edit changes, judged on the change itself."""

import os.path
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.permissions.everyday import is_harmless
from lsp_agent.permissions.protected import (
    Kind,
    Protection,
    leads_to_protected,
    protection_of,
)
from mcp_tools.types.calls import EditEffect
from mcp_tools.types.contents import Link
from mcp_tools.types.edits import CreateFile, FileChange, ModifyFile, RenameFile, SetContent
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.changes import states_after

_LEADS_OUT = Protection(kind=Kind.PROJECT, why="it is a link that leads out of the workspace")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedFile:
    """A protected file that would be changed."""

    path: Path
    protection: Protection


def protected_files(effect: EditEffect, root: Path) -> tuple[ProtectedFile, ...]:
    """Give the protected files among all that an edit makes, changes, moves or removes."""
    return tuple(
        ProtectedFile(path=path, protection=protection)
        for change in effect.changes.files
        if not _is_harmless(change, effect)
        for path, protection in _protections(change, root)
    )


def _protections(change: FileChange, root: Path) -> Iterator[tuple[Path, Protection]]:
    moved = (change.new_path,) if isinstance(change, RenameFile) else ()
    for path in (change.path, *moved):
        if found := protection_of(path, root):
            yield path, found
    if isinstance(change, SetContent) and isinstance(change.content, Link):
        found = _of_link(change.path, change.content, root)
        if found is not None:
            yield change.path, found


def _of_link(path: Path, link: Link, root: Path) -> Protection | None:
    """Judge a link by what it stands in for, and by where it leads."""
    target = Path(os.path.normpath(path.parent / link.target))
    if not target.is_relative_to(root):
        return protection_of(target, root) or _LEADS_OUT
    return leads_to_protected(path, root) or leads_to_protected(target, root)


def _is_harmless(change: FileChange, effect: EditEffect) -> bool:
    """Whether a change of text lets nothing run; not if the text is not known."""
    if effect.snapshot is None or not isinstance(change, CreateFile | ModifyFile):
        return False
    if change.mode is not None:
        return False
    try:
        before = effect.snapshot.state(change.path)
        after = states_after(effect.changes, effect.snapshot.state)[change.path]
    except ExpectedError:
        return False
    old, new = "" if before is None else before.content, None if after is None else after.content
    return isinstance(old, str) and isinstance(new, str) and is_harmless(change.path.name, old, new)
