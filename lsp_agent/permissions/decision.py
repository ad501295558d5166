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

PROTECTED_FOLDERS = frozenset({".git", ".hg", ".svn", ".vscode", ".idea", ".husky", ".lsp-agent"})
"""Folders whose files make programs run later: hooks, tasks, settings, our own."""
PROTECTED_FILES = frozenset({".envrc", ".gitattributes", ".gitmodules", ".pre-commit-config.yaml"})


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

    Names are compared without regard to letter case or Unicode form, since some disks do so.
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
    parts = [unicodedata.normalize("NFC", part).casefold() for part in relative.parts]
    return any(part in PROTECTED_FOLDERS for part in parts) or parts[-1] in PROTECTED_FILES
