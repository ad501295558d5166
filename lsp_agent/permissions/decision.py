"""The decision about one effect: by the level, and by what the user allows by name.

Reading is free at every level. It is pure: asking is an answer, and what comes of it is the
engine's affair.
"""

import json
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from mcp_tools.types.calls import CallEffect, EditEffect, Effect, Tool

PROTECTED_FOLDERS = frozenset(
    {
        ".claude",
        ".codex",
        ".continue",
        ".cursor",
        ".devcontainer",
        ".gemini",
        ".git",
        ".helix",
        ".hg",
        ".husky",
        ".idea",
        ".kiro",
        ".lsp-agent",
        ".opencode",
        ".roo",
        ".svn",
        ".vscode",
        ".windsurf",
        ".zed",
    }
)
"""Folders whose files make programs run later: hooks, tasks, settings of editors and agents."""
PROTECTED_FILES = frozenset(
    {
        ".dir-locals.el",
        ".envrc",
        ".exrc",
        ".gitattributes",
        ".gitmodules",
        ".mcp.json",
        ".npmrc",
        ".nvim.lua",
        ".nvimrc",
        ".pre-commit-config.yaml",
        ".yarnrc.yml",
        "opencode.json",
        "sitecustomize.py",
        "usercustomize.py",
    }
)
"""The same for single files: those that programs obey without a question."""
PROTECTED_SUFFIXES = (".code-workspace", ".pth")


class Level(StrEnum):
    """How much happens without a person, the least first."""

    OBSERVE = "observe"
    """Only reading."""
    SUGGEST = "suggest"
    """Edits wait for review; commands, and what reaches the network, ask."""
    EDIT = "edit"
    """Edits in the workspace are made at once; commands, and what reaches the network, ask."""
    AUTO = "auto"
    """Commands run too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user has chosen; nothing in a workspace, and no client, can make it wider."""

    level: Level = Level.SUGGEST
    allow: frozenset[str] = frozenset()
    """Names of tools that run without a question, except at the level `observe`."""

    def for_turns(self) -> "Policy":
        """Give the policy for turns of our own agent, whose edits are one proposal at their end."""
        return self if self.level is Level.OBSERVE else replace(self, level=Level.SUGGEST)


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
    remedy: str = ""
    """What the user can do so that it is allowed without a question; empty if nothing can."""


DEFAULT_POLICY = Policy()


def decide(effect: Effect, root: Path, policy: Policy = DEFAULT_POLICY) -> Decision:
    """Decide about one effect in the workspace at `root`."""
    match effect:
        case CallEffect():
            return _decide_call(effect, policy)
        case EditEffect():
            return _decide_edit(effect, root, policy)
        case _:
            assert_never(effect)


def protected_paths(paths: tuple[Path, ...], root: Path) -> tuple[Path, ...]:
    """Give those of `paths` whose change could make a program run later.

    Names are compared without regard to letter case, Unicode form and invisible characters,
    since some disks do so.
    """
    return tuple(path for path in paths if _is_protected(path.relative_to(root)))


def _decide_call(effect: CallEffect, policy: Policy) -> Decision:
    tool, level = effect.tool, policy.level
    if level is Level.OBSERVE and not tool.is_read_only:
        return _denied_for_observers(f"{tool.name} does more than read")
    if tool.is_pure and not tool.is_open_world:
        return Decision(choice=Choice.ALLOW, reason="reading and computing edits is free")
    if tool.name in policy.allow:
        return Decision(choice=Choice.ALLOW, reason=f"{tool.name} is among the allowed tools")
    if level is Level.AUTO:
        return Decision(choice=Choice.ALLOW, reason="the level is auto")
    return Decision(
        choice=Choice.ASK,
        reason=f"{tool.name} {_does(tool)}, and the level is {level}",
        remedy=f"start with `--allow {tool.name}`, or set `allow = {json.dumps([tool.name])}` in "
        "the user's config.toml",
    )


def _decide_edit(effect: EditEffect, root: Path, policy: Policy) -> Decision:
    outside = [p for p in effect.changes.paths if p != root and root not in p.parents]
    if outside:
        return Decision(choice=Choice.DENY, reason=f"{outside[0]} is outside of the workspace")
    if policy.level is Level.OBSERVE:
        return _denied_for_observers("an edit is more than reading")
    protected = protected_paths(effect.changes.paths, root)
    if protected:
        name = protected[0].relative_to(root).as_posix()
        return Decision(choice=Choice.ASK, reason=f"{name} can make programs run later")
    if policy.level is Level.SUGGEST:
        return Decision(choice=Choice.HOLD, reason="edits wait for review at the level suggest")
    return Decision(choice=Choice.ALLOW, reason=f"the level is {policy.level}")


def _does(tool: Tool) -> str:
    if not tool.is_open_world:
        return "does more than read"
    return "reaches the network" if tool.is_read_only else "runs commands"


def _denied_for_observers(what: str) -> Decision:
    return Decision(
        choice=Choice.DENY,
        reason=f"{what}, and the level is observe",
        remedy="start with `--level suggest`, or set `level` in the user's config.toml",
    )


def _is_protected(relative: Path) -> bool:
    parts = [_folded(part) for part in relative.parts]
    return any(part in PROTECTED_FOLDERS for part in parts) or any(
        part in PROTECTED_FILES or part.endswith(PROTECTED_SUFFIXES) for part in parts[-1:]
    )


def _folded(name: str) -> str:
    visible = "".join(char for char in name if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible).casefold())
