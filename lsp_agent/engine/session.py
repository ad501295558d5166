"""A session: ops in, events out. Every front end talks to this and nothing below it."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator
from typing import assert_never

from lsp_agent.agent.events import Event, Outcome, Proposed, TurnFinished
from lsp_agent.agent.history import History
from lsp_agent.engine.approvals import Approvals
from lsp_agent.engine.attempts import to_its_end
from lsp_agent.engine.deciding import accept, reject
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.hosting import HostedSession, make_host
from lsp_agent.engine.protocol import (
    Accept,
    Approve,
    Ask,
    Explain,
    ExplainHunks,
    Fix,
    Interrupt,
    Redo,
    Reject,
    Revise,
    Run,
    Signal,
    Undo,
    Work,
)
from lsp_agent.engine.running import run_command
from lsp_agent.engine.turns import TurnRunner
from lsp_agent.engine.undoing import take_back
from lsp_agent.models.port import ModelError, Usage
from mcp_tools.types.errors import Denied, ExpectedError
from mcp_tools.workspace.jobs import SessionJobs
from mcp_tools.workspace.proposals import Proposal

OWN_AGENT = "lsp-agent"
"""What the audit log calls the agent of our own."""
NOTHING_CHANGED = "cancelled; nothing was changed"

logger = logging.getLogger(__name__)


class Session:
    """One conversation about one workspace. It does one piece of work at a time."""

    def __init__(self, engine: Engine) -> None:
        """Start with an empty conversation; nothing is contacted yet."""
        self._id = uuid.uuid4().hex
        self._engine = engine
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._jobs = SessionJobs(engine.runner)
        self._approvals = Approvals(self._events.put_nowait, timeout_s=engine.approval_timeout_s)
        own = HostedSession(
            id=self._id,
            who=OWN_AGENT,
            policy=engine.policy.for_turns(),
            approvals=self._approvals,
            jobs=self._jobs,
        )
        self._turns = TurnRunner(
            engine=engine,
            host=make_host(engine, own),
            history=History(),
            emit=self._events.put_nowait,
        )

    @property
    def id(self) -> str:
        """What the journal calls this session."""
        return self._id

    async def run(self, work: Work) -> AsyncGenerator[Event, None]:
        """Do a piece of work and tell of it; the last event is always `TurnFinished`.

        Closing the iterator early interrupts the work; a proposal that was not told is dropped
        then, and one that was revised is as before.
        Raises: RuntimeError if the session is already at work.
        """
        if self._task is not None and not self._task.done():
            raise RuntimeError("the session is already at work; make another one for more")
        await self._forget_unread()
        task = self._task = asyncio.create_task(self._guarded(work))
        task.add_done_callback(self._note_end)
        try:
            while True:
                event = await self._events.get()
                yield event
                if isinstance(event, TurnFinished):
                    return
        finally:
            task.cancel()
            await asyncio.wait({task})
            await self._jobs.end_all()
            await self._forget_unread()

    def _note_end(self, task: asyncio.Task[None]) -> None:
        """Tell of work that was interrupted before it had begun, and so could not tell itself."""
        if task.cancelled():
            self._events.put_nowait(_finished(Outcome.CANCELLED, NOTHING_CHANGED))

    async def _forget_unread(self) -> None:
        """Empty the queue, so that the next work does not begin with events of this one."""
        while not self._events.empty():
            event = self._events.get_nowait()
            if isinstance(event, Proposed):
                await self._engine.proposals.abandon(event.proposal_id)

    def signal(self, signal: Signal) -> None:
        """Take a signal; without work that it could concern, nothing happens.

        What is being applied is finished: half a change would be worse than a late stop.
        """
        match signal:
            case Interrupt():
                if self._task is not None:
                    self._task.cancel()
            case Approve():
                self._approvals.answer(signal.request_id, is_allowed=signal.is_allowed)
            case _:
                assert_never(signal)

    async def _guarded(self, work: Work) -> None:
        """Do the work, and turn every way to end into an outcome."""
        try:
            finished = await self._perform(work)
        except asyncio.CancelledError:
            finished = _finished(Outcome.CANCELLED, NOTHING_CHANGED)
        except ModelError as error:
            finished = _finished(Outcome.MODEL_UNAVAILABLE, str(error))
        except Denied as error:
            finished = _finished(Outcome.DENIED, str(error))
        except ExpectedError as error:
            finished = _finished(Outcome.NOT_SOLVED, str(error))
        except Exception as error:
            # A fault of our own must reach the user as an answer, not as silence.
            logger.exception("work failed: %r", work)
            finished = _finished(Outcome.FAILED, f"lsp-agent failed: {error!r}; the log has more")
        self._events.put_nowait(finished)

    async def _perform(self, work: Work) -> TurnFinished:
        engine, emit = self._engine, self._events.put_nowait
        match work:
            case Ask() | Fix() | Explain() | ExplainHunks() | Revise():
                return await self._turns.run(work, self._draft())
            case Run():
                return await run_command(engine, work, emit, draft=self._draft())
            case Accept():
                return await to_its_end(accept(engine, work, emit))
            case Reject():
                return await to_its_end(reject(engine, work))
            case Undo() | Redo():
                return await to_its_end(take_back(engine, work, emit, session_id=self._id))
            case _:
                assert_never(work)

    def _draft(self) -> Proposal:
        """Give an empty proposal; its id is that of the turn, too."""
        return Proposal(id=uuid.uuid4().hex[:12], label="", session_id=self._id)


def _finished(outcome: Outcome, text: str) -> TurnFinished:
    return TurnFinished(outcome=outcome, text=text, usage=Usage())
