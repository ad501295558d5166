"""Doing a piece of work in a session, shown on the terminal as it goes."""

import asyncio
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from typing import assert_never

from lsp_agent.agent.events import (
    Applied,
    ApprovalRequested,
    ApprovalResolved,
    CommandFinished,
    ConflictFound,
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
from lsp_agent.cli.asking import ask_person
from lsp_agent.cli.beside_diff import beside_diff
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Interrupt, Work
from lsp_agent.engine.session import Session
from lsp_agent.models.port import Usage
from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.types.journal import Entry
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.review import review_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a piece of work."""

    outcome: Outcome
    text: str
    """The model's last words, or what went wrong."""
    diff: str = ""
    """The proposed change; empty without one."""
    proposal_id: str | None = None
    """The proposal that waits for review now; None when nothing does."""
    n_hunks: int = 0
    """How many hunks of it there are to decide on."""
    is_applied: bool = False
    """Something was written to disk."""
    entries: tuple[Entry, ...] = ()
    """What the journal has of it, as far as it could be read."""
    conflicts: tuple[ConflictFound, ...] = ()
    """What an undo left alone."""
    command: CommandFinished | None = None
    """How the command ended that was run, if one was."""
    usage: Usage = field(default_factory=Usage)
    model: str | None = None
    """None when the work did not come to ask a model."""


async def perform(engine: Engine, work: Work, terminal: Terminal, *, applies: bool = False) -> Done:
    """Do the work; with `applies`, also write to disk what it proposed.

    Ctrl-C interrupts the work, and nothing is written then. Writing itself is not interrupted.
    """
    session = Session(engine)
    with _on_interrupt(lambda: session.signal(Interrupt())):
        course = await _Course(session, terminal).run(work)
    finished, proposed = course.finished, course.proposed
    entry_ids = course.entry_ids
    if applies and proposed is not None and finished.outcome is not Outcome.CANCELLED:
        with _on_interrupt(lambda: None):
            accepted = await _Course(session, terminal).run(Accept(proposed.proposal_id))
        entry_ids = (*entry_ids, *accepted.entry_ids)
        if accepted.finished.outcome is not Outcome.DONE:
            finished = replace(accepted.finished, usage=finished.usage)
    await session.close()
    terminal.close()
    n_hunks = _n_hunks(engine, proposed)
    return Done(
        outcome=finished.outcome,
        text=finished.text,
        diff=beside_diff(proposed.changes, engine.workspace.root) + proposed.diff
        if proposed
        else "",
        proposal_id=proposed.proposal_id if proposed and n_hunks is not None else None,
        n_hunks=n_hunks or 0,
        is_applied=bool(entry_ids),
        entries=_entries(engine, entry_ids),
        conflicts=tuple(course.conflicts),
        command=course.command,
        usage=finished.usage,
        model=course.model,
    )


def _entries(engine: Engine, entry_ids: Sequence[str]) -> tuple[Entry, ...]:
    try:
        return tuple(engine.applier.journal.entry(entry_id) for entry_id in entry_ids)
    except (JournalFailed, NotFound):
        return ()


def _n_hunks(engine: Engine, proposed: Proposed | None) -> int | None:
    """Count what is left to decide of a proposal; None if it does not wait, or not for long."""
    if proposed is None:
        return None
    try:
        # What could not be put on the shelf is gone when the program ends, which it does now.
        if not Shelf(engine.applier.journal).has(proposed.proposal_id):
            return None
        return len(review_of(engine.workspace, proposed.proposal_id).hunks)
    except (JournalFailed, NotFound):
        return None


class _Course:
    """The course of one piece of work, as its events tell it."""

    def __init__(self, session: Session, terminal: Terminal) -> None:
        self._session = session
        self._terminal = terminal
        self._questions: dict[str, asyncio.Task[None]] = {}
        self._asking = asyncio.Lock()
        """One question at a time: there is one terminal."""
        self._finished: TurnFinished | None = None
        self.proposed: Proposed | None = None
        self.entry_ids: tuple[str, ...] = ()
        self.conflicts: list[ConflictFound] = []
        self.command: CommandFinished | None = None
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
            case Proposed() | Applied() | ConflictFound() | CommandFinished() | TurnFinished():
                self._keep(event)
            case TextWritten() | ToolFinished():
                pass
            case _:
                assert_never(event)

    def _keep(
        self, event: Proposed | Applied | ConflictFound | CommandFinished | TurnFinished
    ) -> None:
        match event:
            case Proposed():
                self.proposed = event
            case Applied(entry_id=entry_id):
                self.entry_ids = (*self.entry_ids, entry_id)
            case ConflictFound():
                self.conflicts.append(event)
            case CommandFinished():
                self.command = event
            case TurnFinished():
                self._finished = event
            case _:
                assert_never(event)

    async def _ask(self, event: ApprovalRequested) -> None:
        async with self._asking:
            answer = await ask_person(self._terminal, event)
        self._session.signal(answer)


@contextmanager
def _on_interrupt(handle: Callable[[], object]) -> Generator[None]:
    """Handle Ctrl-C by `handle` instead of ending at once."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, handle)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
