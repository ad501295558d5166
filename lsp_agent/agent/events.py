"""What happens in a turn, as values; every front end renders the same ones.

Adding an event makes the type checker list each renderer, which end in `assert_never`.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from lsp_agent.agent.questions import AnswerKind
from lsp_agent.models.port import Usage
from mcp_tools.types.calls import ToolCall, ToolResult
from mcp_tools.types.edits import ChangeSet


class Outcome(StrEnum):
    """How a turn ended."""

    DONE = "done"
    NOT_SOLVED = "not_solved"
    """The goal was checked and does not hold."""
    DENIED = "denied"
    """What was needed was refused by a rule or a person."""
    MODEL_UNAVAILABLE = "model_unavailable"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """A fault of our own; the log has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStarted:
    """A prompt was taken up."""

    title: str
    """One line for a progress display."""
    model: str


@dataclass(frozen=True, slots=True)
class TextWritten:
    """The model wrote a few more characters."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool begins to run."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool has ended, well or not."""

    call: ToolCall
    result: ToolResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested:
    """A person must say whether something may happen; answered by the op `Approve`."""

    request_id: str
    question: str
    """One line that says what would happen."""
    detail: str
    """The real change, command or arguments; what cannot be seen is spelled out."""
    answers: tuple[AnswerKind, ...] = (AnswerKind.ONCE, AnswerKind.DENY)
    """What can be answered; a denial always can."""
    rules: tuple[str, ...] = ()
    """What *always* would save, and *session* would keep for so long, as rules are written."""
    trusting: tuple[str, ...] = ()
    """What would change if the folder was trusted, one line each."""
    origin: str = ""
    """The agent that asks, where it is not the one that the person talks to."""
    call_id: str = ""
    """The call that it is about; of several the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalResolved:
    """A question was answered, or nobody was there to answer it."""

    request_id: str
    is_allowed: bool
    answer: AnswerKind | None = None
    """The first answer; None where nobody gave one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChecked:
    """The turn's goal was checked against the text as it would be."""

    is_met: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that the user should know went differently than hoped."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The turn's edits, together, wait for `Accept` or `Reject`; nothing has changed yet."""

    proposal_id: str
    changes: ChangeSet
    diff: str
    """The same as a unified diff."""
    is_checked: bool = False
    """The turn had a goal, and the check says that these edits reach it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A change was made and verified: a proposal or a part of one, an undo, a redo."""

    proposal_id: str
    """Empty for an undo or redo."""
    changes: ChangeSet
    entry_id: str
    """Its entry in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictFound:
    """A place that an undo left alone, since it was changed again after that change."""

    path: Path
    line_number: int | None
    """From 1, in the text of now; None where it is about the whole file."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFinished:
    """A command has ended; what it changed comes as `Proposed`."""

    exit_code: int
    output: str
    notes: tuple[str, ...]
    """What was not kept, one line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFinished:
    """The turn is over; always the last event of a turn."""

    outcome: Outcome
    text: str
    """The model's last words, or what went wrong."""
    usage: Usage


Event: TypeAlias = (
    TurnStarted
    | TextWritten
    | ToolStarted
    | ToolFinished
    | ApprovalRequested
    | ApprovalResolved
    | GoalChecked
    | Warned
    | Proposed
    | Applied
    | ConflictFound
    | CommandFinished
    | TurnFinished
)
