"""Work in the background: one session each, shown to the person as it goes."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import assert_never

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

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
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Approve, Interrupt, Work
from lsp_agent.engine.session import Session
from lsp_agent.server.progress import Progress
from lsp_agent.server.server import AgentServer
from mcp_tools.types.errors import ExpectedError

logger = logging.getLogger(__name__)

Prepare = Callable[[], Awaitable[tuple[Engine, Work]]]
"""Finds out what exactly to do. Raises: ExpectedError."""
ShowAnswer = Callable[[str], Awaitable[None]]

ALLOW, DENY = "Allow", "Do not allow"


class _Running:
    """One task; its session is there as soon as it is known what to do."""

    def __init__(self, progress: Progress, request_id: int | str | None) -> None:
        self.progress = progress
        self.request_id = request_id
        self.session: Session | None = None
        self.task: asyncio.Task[None] | None = None

    def interrupt(self) -> None:
        if self.session is not None:
            self.session.signal(Interrupt())
        elif self.task is not None:
            self.task.cancel()


class Tasks:
    """The tasks of one server."""

    def __init__(self, server: AgentServer) -> None:
        """Start with none."""
        self._server = server
        self._running: dict[str, _Running] = {}

    def start(self, prepare: Prepare, show_answer: ShowAnswer | None = None) -> str:
        """Start work and give its id. `show_answer` shows the model's words, where they count."""
        task_id = uuid.uuid4().hex[:8]
        progress = Progress(self._server)
        rendering = _Rendering(self._server, progress, show_answer)
        running = self._running[task_id] = _Running(progress, self._server.wire.msg_id)
        running.task = asyncio.create_task(self._run(task_id, prepare, rendering))
        return task_id

    def cancel(self, task_id: str | None) -> int:
        """Interrupt one task, or all, and give how many."""
        wanted = [r for key, r in self._running.items() if task_id in (None, key)]
        for running in wanted:
            running.interrupt()
        return len(wanted)

    def cancel_by_token(self, token: int | str) -> None:
        """Interrupt the task that reports its progress under a token."""
        for running in self._running.values():
            if running.progress.token == token:
                running.interrupt()

    def cancel_by_request(self, request_id: int | str) -> None:
        """Interrupt the task that a request has started, even if that was answered."""
        for running in self._running.values():
            if running.request_id == request_id:
                running.interrupt()

    async def close(self) -> None:
        """Interrupt everything and wait until it has ended."""
        tasks = [running.task for running in self._running.values() if running.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, task_id: str, prepare: Prepare, rendering: "_Rendering") -> None:
        try:
            engine, work = await prepare()
            session = self._running[task_id].session = Session(engine)
            finished = await rendering.follow(session, work)
            if finished.outcome is not Outcome.CANCELLED and rendering.proposal_id is not None:
                # In an editor an accepted edit is still unsaved, and the editor can undo it:
                # starting the action was the consent.
                accept = Accept(rendering.proposal_id)
                accepted = await rendering.follow(session, accept)
                finished = finished if accepted.outcome is Outcome.DONE else accepted
            await rendering.finish(finished)
        except ExpectedError as error:
            rendering.fail(str(error))
        except asyncio.CancelledError:
            rendering.fail("cancelled; nothing was changed")
            raise
        except Exception as error:
            # The task's boundary: a fault must not be silent for the person who waits.
            logger.exception("task %s failed", task_id)
            rendering.fail(f"lsp-agent failed: {error!r}; the server's log has more")
        finally:
            del self._running[task_id]


class _Rendering:
    """Shows one task: progress, questions, and how it ended."""

    def __init__(
        self, server: AgentServer, progress: Progress, show_answer: ShowAnswer | None
    ) -> None:
        self._server = server
        self._progress = progress
        self._show_answer = show_answer
        self._questions: set[asyncio.Task[None]] = set()
        self.proposal_id: str | None = None

    async def follow(self, session: Session, work: Work) -> TurnFinished:
        """Do the work and show its events; give the last one."""
        finished: TurnFinished | None = None
        async with aclosing(session.run(work)) as events:
            async for event in events:
                if isinstance(event, TurnFinished):
                    finished = event
                elif isinstance(event, TurnStarted):
                    await self._begin(event)
                else:
                    self._render(event, session)
        assert finished is not None, "a session always ends with TurnFinished"
        return finished

    async def _begin(self, event: TurnStarted) -> None:
        if not self._progress.is_shown:
            by = f" ({event.model})" if event.model else ""
            await self._progress.begin(event.title + by)

    def _render(self, event: Event, session: Session) -> None:
        match event:
            case ToolStarted(call=call):
                self._progress.report(f"{call.name} {call.arguments.get('path', '')}".strip())
            case GoalChecked():
                self._progress.report(event.detail)
            case Proposed():
                self.proposal_id = event.proposal_id
            case ApprovalRequested():
                question = asyncio.create_task(self._ask(event, session))
                self._questions.add(question)
                question.add_done_callback(self._questions.discard)
            case Warned(message=message):
                self._server.show(lsp.MessageType.Warning, message)
            case (
                TextWritten()
                | ToolFinished()
                | ApprovalResolved()
                | Applied()
                | TurnStarted()
                | TurnFinished()
            ):
                pass
            case _:
                assert_never(event)

    async def _ask(self, event: ApprovalRequested, session: Session) -> None:
        """Ask in the editor; an editor that cannot ask means no."""
        params = lsp.ShowMessageRequestParams(
            type=lsp.MessageType.Warning,
            message=f"{event.question}\n{event.detail}",
            actions=[lsp.MessageActionItem(title=ALLOW), lsp.MessageActionItem(title=DENY)],
        )
        is_allowed = False
        try:
            answer = await self._server.window_show_message_request_async(params)
            is_allowed = answer is not None and answer.title == ALLOW
        except JsonRpcException as error:
            text = f"Not allowed, since this editor cannot ask: {event.question} ({error})"
            self._server.show(lsp.MessageType.Warning, text)
        session.signal(Approve(request_id=event.request_id, is_allowed=is_allowed))

    async def finish(self, finished: TurnFinished) -> None:
        """Show how it ended: quietly if well, by a message if not."""
        if finished.outcome is not Outcome.DONE:
            self.fail(finished.text)
            return
        had_display = self._progress.is_shown
        self._progress.end(_first_line(finished.text))
        if self._show_answer is not None:
            await self._show_answer(finished.text)
        elif not had_display:
            self._server.show(lsp.MessageType.Info, _first_line(finished.text))

    def fail(self, text: str) -> None:
        """Say that it did not work out, and why."""
        for question in self._questions:
            question.cancel()
        self._progress.end(_first_line(text))
        self._server.show(lsp.MessageType.Warning, text)


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]
