"""The ops: what a front end asks of a session. What comes back are `agent.events`.

`Work` takes time and is answered by a stream of events; a `Signal` takes effect at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lsp_agent.agent.questions import AnswerKind
from mcp_tools.types.commands import ShellCommand
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.workspace.review import Selection
from mcp_tools.workspace.undo.history import Scope

_ALL = Selection()
_NEWEST = Scope()


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
class Run:
    """Run a command where it sees the top layer; what it changes becomes a proposal."""

    command: ShellCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a person wrote on a proposal: about one hunk, one path, or all of it."""

    selection: Selection
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """Let the agent change a proposal by the comments of one review.

    It works on what is still open of the proposal; what was accepted is the new baseline.
    """

    proposal_id: str
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainHunks:
    """Say what a proposal, or a part of it, does and why; changes nothing."""

    proposal_id: str
    selection: Selection = _ALL


@dataclass(frozen=True, slots=True)
class Accept:
    """Make a proposal, or a part of it, real."""

    proposal_id: str
    selection: Selection = _ALL


@dataclass(frozen=True, slots=True)
class Reject:
    """Forget a proposal, or a part of it."""

    proposal_id: str
    selection: Selection = _ALL


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what the scope names; the newest change without one."""

    scope: Scope = _NEWEST


@dataclass(frozen=True, slots=True)
class Redo:
    """Make again what was undone; the newest undo without a scope."""

    scope: Scope = _NEWEST


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop what is running, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Answer an `ApprovalRequested`; the first answer counts."""

    request_id: str
    answer: AnswerKind
    """One of those that the question offers; any other is none."""
    word: str = ""
    """Beside a denial: what the person wants to say to the model."""
    by: str = ""
    """The front end that it comes from, for the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotAsk:
    """Say that there is no way to put an `ApprovalRequested` before anybody."""

    request_id: str


Work: TypeAlias = Ask | Fix | Explain | ExplainHunks | Revise | Run | Accept | Reject | Undo | Redo
Signal: TypeAlias = Interrupt | Approve | CannotAsk
