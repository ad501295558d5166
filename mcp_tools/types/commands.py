"""A shell command's run, as values."""

from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.edits import ChangeSet


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellCommand:
    """A command as a person or model wrote it."""

    argv: tuple[str, ...]
    """Program and arguments; for a shell line the last two are `-c` and the line."""
    cwd: Path
    """A folder of the workspace."""
    timeout_s: float = 120.0
    kept_paths: tuple[Path, ...] | None = None
    """Only what it makes of these is given back, the rest is dropped unseen; None for all of it."""
    is_typed_by_user: bool = False
    """The user typed it for themselves, and it may do all that they may; never a tool's to set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """How a command ended, what it printed, and what it changed."""

    exit_code: int
    """The negative number of the signal that ended it, as `subprocess` has it."""
    output: str
    """Standard output and error as they came, decoded as UTF-8 with replacement; bounded."""
    changes: ChangeSet
    """What it made of the files, relative to the snapshot; nothing of it is real yet."""
    notes: tuple[str, ...] = ()
    """What was not kept or not covered, and why, one line each."""
