"""The decision about one effect at the level `suggest`.

At this level reading is free, edits become proposals, and everything else asks. It is pure:
asking is an answer, and what comes of it is the engine's affair.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from mcp_tools.types.calls import CallEffect, EditEffect, Effect

PROTECTED_FOLDERS = frozenset(
    {
        ".devcontainer",
        ".git",
        ".helix",
        ".hg",
        ".husky",
        ".idea",
        ".lsp-agent",
        ".svn",
        ".vscode",
        ".zed",
    }
)
"""Folders whose files make programs run later: hooks, tasks, settings, our own."""
PROTECTED_FILES = frozenset(
    {
        ".dir-locals.el",
        ".envrc",
        ".exrc",
        ".gitattributes",
        ".gitmodules",
        ".nvim.lua",
        ".nvimrc",
        ".pre-commit-config.yaml",
    }
)
"""The same for single files: those that git, editors and shells obey without a question."""


class Choice(StrEnum):
    """What to do about an effect."""

    ALLOW = "allow"
    HOLD = "hold"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A choice, with the rule that made it."""

    choice: Choice
    reason: str


def decide(effect: Effect, root: Path) -> Decision:
    """Decide about one effect in the workspace at `root`."""
    match effect:
        case CallEffect():
            return _decide_call(effect)
        case EditEffect():
            return _decide_edit(effect, root)
        case _:
            assert_never(effect)


def protected_paths(paths: tuple[Path, ...], root: Path) -> tuple[Path, ...]:
    """Give those of `paths` whose change could make a program run later.

    Names are compared without regard to letter case, Unicode form and invisible characters,
    since some disks do so.
    """
    return tuple(path for path in paths if _is_protected(path.relative_to(root)))


def _decide_call(effect: CallEffect) -> Decision:
    if effect.tool.is_pure and not effect.tool.is_open_world:
        return Decision(choice=Choice.ALLOW, reason="reading and computing edits is free")
    return Decision(
        choice=Choice.ASK,
        reason=f"{effect.call.name} does more than read, and the level is suggest",
    )


def _decide_edit(effect: EditEffect, root: Path) -> Decision:
    outside = [p for p in effect.changes.paths if p != root and root not in p.parents]
    if outside:
        return Decision(choice=Choice.DENY, reason=f"{outside[0]} is outside of the workspace")
    protected = protected_paths(effect.changes.paths, root)
    if protected:
        name = protected[0].relative_to(root).as_posix()
        return Decision(choice=Choice.ASK, reason=f"{name} can make programs run later")
    return Decision(choice=Choice.HOLD, reason="edits wait for review at the level suggest")


def _is_protected(relative: Path) -> bool:
    parts = [_folded(part) for part in relative.parts]
    return any(part in PROTECTED_FOLDERS for part in parts) or any(
        part in PROTECTED_FILES for part in parts[-1:]
    )


def _folded(name: str) -> str:
    visible = "".join(char for char in name if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible).casefold())
