"""How far a build is, and what it has done, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mcp_tools.types.codebase import LeftOut


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is."""

    n_done: int
    n_total: int
    """Files that had to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build has done."""

    n_files: int
    """All source files of the workspace."""
    n_read: int
    """Those that had to be read."""
    left_out: tuple[LeftOut, ...]
    is_complete: bool
    """False if it was cancelled."""
    elapsed_s: float
    database_bytes: int
    """0 if nothing is kept on disk."""
    problem: str
    """Why the index is not kept on disk; empty if it is."""


OnProgress: TypeAlias = Callable[[Progress], None]
