"""Doing a piece of work in a session, shown on the terminal as it goes."""

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import assert_never

from lsp_agent.agent.events import (
    Applied,
    ApprovalRequested,
    ApprovalResolved,
    Event,
    GoalChecked,
    Outcome,
    Proposed,
    TextWritten,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
    Warned,
)
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Approve, Interrupt, Work
from lsp_agent.engine.session import Session
from lsp_agent.models.port import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a piece of work."""

    outcome: Outcome
    text: str
    """The model's last words, or what went wrong."""
    diff: str = ""
    """The proposed change; empty without one."""
    is_applied: bool = False
    """The change was written to disk."""
    usage: Usage = field(default_factory=Usage)
    model: str | None = None
    """None when the work did not come to ask a model."""


async def perform(engine: Engine, work: Work, terminal: Terminal, *, applies: bool) -> Done:
    """Do the work; with `applies`, also write to disk what it proposed.

    Ctrl-C interrupts the work, and nothing is written then. Writing itself is not interrupted.
    """
    session = Session(engine)
    with _on_interrupt(lambda: session.signal(Interrupt())):
        course = await _Course(session, terminal).run(work)
    finished, proposed = course.finished, course.proposed
    is_applied = False
    if applies and proposed is not None and finished.outcome is not Outcome.CANCELLED:
        with _on_interrupt(lambda: None):
            accepted = (await _Course(session, terminal).run(Accept(proposed.proposal_id))).finished
        is_applied = accepted.outcome is Outcome.DONE
        if not is_applied:
            finished = TurnFinished(
                outcome=accepted.outcome, text=accepted.text, usage=finished.usage
            )
    terminal.close()
    return Done(
        outcome=finished.outcome,
        text=finished.text,
        diff=proposed.diff if proposed else "",
        is_applied=is_applied,
        usage=finished.usage,
        model=course.model,
    )


class _Course:
    """The course of one piece of work, as its events tell it."""

    def __init__(self, session: Session, terminal: Terminal) -> None:
        self._session = session
        self._terminal = terminal
        self._questions: dict[str, asyncio.Task[None]] = {}
        self._finished: TurnFinished | None = None
        self.proposed: Proposed | None = None
        self.model: str | None = None

    @property
    def finished(self) -> TurnFinished:
        assert self._finished is not None, "a session always ends with TurnFinished"
        return self._finished

    async def run(self, work: Work) -> "_Course":
        try:
            async with aclosing(self._session.run(work)) as events:
                async for event in events:
                    self._take(event)
        finally:
            for question in self._questions.values():
                question.cancel()
        return self

    def _take(self, event: Event) -> None:
        match event:
            case TurnStarted():
                self.model = event.model or None
                model = f" ({event.model})" if event.model else ""
                self._terminal.progress(f"{event.title}{model}")
            case ToolStarted(call=call):
                self._terminal.progress(f"{call.name} {call.arguments.get('path', '')}".strip())
            case GoalChecked(detail=detail):
                self._terminal.progress(detail)
            case ApprovalRequested():
                self._questions[event.request_id] = asyncio.create_task(self._ask(event))
            case ApprovalResolved():
                self._questions[event.request_id].cancel()
            case Warned(message=message):
                self._terminal.note(message, style="yellow")
            case Proposed():
                self.proposed = event
            case TurnFinished():
                self._finished = event
            case TextWritten() | ToolFinished() | Applied():
                pass
            case _:
                assert_never(event)

    async def _ask(self, event: ApprovalRequested) -> None:
        is_allowed = await self._terminal.confirm(event.question, event.detail)
        self._session.signal(Approve(request_id=event.request_id, is_allowed=is_allowed))


@contextmanager
def _on_interrupt(handle: Callable[[], None]) -> Generator[None]:
    """Handle Ctrl-C by `handle` instead of ending at once."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, handle)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
