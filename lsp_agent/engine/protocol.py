"""The ops: what a front end asks of a session. What comes back are `agent.events`.

`Work` takes time and is answered by a stream of events; a `Signal` takes effect at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mcp_tools.types.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Ask:
    """Do, or answer, what a person wrote."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Make problems of one file go away, without making new ones."""

    path: Path
    diagnostics: tuple[Diagnostic, ...] = ()
    """Empty: all that our own checkers report for the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """Say what problems of one file mean."""

    path: Path
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Accept:
    """Make a proposal real."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Forget a proposal."""

    proposal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back the newest accepted proposal, or the newest one that touched `path`."""

    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop what is running, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Answer an `ApprovalRequested`; the first answer counts."""

    request_id: str
    is_allowed: bool


Work: TypeAlias = Ask | Fix | Explain | Accept | Reject | Undo
Signal: TypeAlias = Interrupt | Approve
