"""Work in the background: one session each, shown to the person as it goes."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from typing import assert_never

from lsp_agent.agent.events import Outcome, Proposed
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Approve, Interrupt, Reject, Work
from lsp_agent.server.progress import Progress
from lsp_agent.server.rendering import Rendering, ShowAnswer
from lsp_agent.server.server import AgentServer
from lsp_agent.server.sessions import TaskSession, new_session
from mcp_tools.types.errors import ExpectedError

logger = logging.getLogger(__name__)

Prepare = Callable[[], Awaitable[tuple[Engine, Work]]]
"""Finds out what exactly to do. Raises: ExpectedError."""
Job = Callable[[], Awaitable[str]]
"""Something that needs no session; gives a last word. Raises: ExpectedError."""
ShowProposal = Callable[[Engine, str], Awaitable[None]]
"""Tells the person of a proposal, by its id, that waits for review."""


class ReviewPolicy(StrEnum):
    """Which edits wait for review in an editor; the others are accepted as soon as made."""

    ALWAYS = "always"
    UNCHECKED = "unchecked"
    """Those that no check has confirmed."""
    NEVER = "never"


class _Running:
    """One task; its session is there as soon as it is known what to do."""

    def __init__(self, progress: Progress, request_id: int | str | None) -> None:
        self.progress = progress
        self.request_id = request_id
        self.session: TaskSession | None = None
        self.task: asyncio.Task[None] | None = None

    def interrupt(self) -> None:
        if self.session is not None:
            self.session.signal(Interrupt())
        elif self.task is not None:
            self.task.cancel()


class Tasks:
    """The tasks of one server."""

    def __init__(self, server: AgentServer, policy: ReviewPolicy) -> None:
        """Start with none; `show_proposal` is to be set before the first task."""
        self._server = server
        self._policy = policy
        self._running: dict[str, _Running] = {}
        self._is_closing = False
        self.show_proposal: ShowProposal | None = None

    def start(self, prepare: Prepare, show_answer: ShowAnswer | None = None) -> str:
        """Start work and give its id. `show_answer` shows the model's words, where they count."""
        return self._start(partial(self._work, prepare), show_answer)

    def begin(self, title: str, job: Job) -> str:
        """Start something that needs no session, and give its id."""
        return self._start(partial(self._do, title, job))

    def approve(self, answer: Approve) -> bool:
        """Answer a question of one of the tasks; False if none has it open."""
        sessions = [running.session for running in self._running.values()]
        return any(session.signal(answer) for session in sessions if session is not None)

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
        self._is_closing = True
        tasks = [running.task for running in self._running.values() if running.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(
        self,
        perform: Callable[[_Running, Rendering], Awaitable[None]],
        show_answer: ShowAnswer | None = None,
    ) -> str:
        task_id = uuid.uuid4().hex[:8]
        progress = Progress(self._server)
        rendering = Rendering(self._server, progress, show_answer)
        running = self._running[task_id] = _Running(progress, self._server.wire.msg_id)
        running.task = asyncio.create_task(self._run(task_id, perform, rendering))
        return task_id

    async def _run(
        self,
        task_id: str,
        perform: Callable[[_Running, Rendering], Awaitable[None]],
        rendering: Rendering,
    ) -> None:
        try:
            await perform(self._running[task_id], rendering)
        except ExpectedError as error:
            rendering.fail(str(error))
        except asyncio.CancelledError:
            # An editor that leaves needs no message, and what was being applied is finished.
            if not self._is_closing:
                rendering.fail("cancelled; nothing was changed")
            raise
        except Exception as error:
            # The task's boundary: a fault must not be silent for the person who waits.
            logger.exception("task %s failed", task_id)
            rendering.fail(f"lsp-agent failed: {error!r}; the server's log has more")
        finally:
            session = self._running.pop(task_id).session
            if session is not None:
                await session.close()

    async def _work(self, prepare: Prepare, running: _Running, rendering: Rendering) -> None:
        engine, work = await prepare()
        session = running.session = new_session(engine)
        if isinstance(work, Reject):
            await rendering.begin("Reject")  # It is over too soon to tell of its start.
        finished = await rendering.follow(session, work)
        proposed = rendering.proposed
        if finished.outcome is Outcome.CANCELLED or proposed is None:
            await rendering.finish(finished)
            return
        if self._is_accepted_at_once(proposed):
            # In an editor an accepted edit is still unsaved, and the editor can undo it:
            # starting the action was the consent.
            accepted = await rendering.follow(session, Accept(proposed.proposal_id))
            if accepted.outcome is Outcome.DONE:
                await rendering.finish(finished)
                return
            finished = accepted
        await rendering.finish(finished)
        if self.show_proposal is not None:
            await self.show_proposal(engine, proposed.proposal_id)

    async def _do(self, title: str, job: Job, _running: _Running, rendering: Rendering) -> None:
        await rendering.begin(title)
        rendering.end(await job())

    def _is_accepted_at_once(self, proposed: Proposed) -> bool:
        match self._policy:
            case ReviewPolicy.ALWAYS:
                return False
            case ReviewPolicy.UNCHECKED:
                return proposed.is_checked
            case ReviewPolicy.NEVER:
                return True
            case _:
                assert_never(self._policy)
