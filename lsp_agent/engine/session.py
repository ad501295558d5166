"""A session: ops in, events out. Every front end talks to this and nothing below it."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import assert_never

from lsp_agent.agent.events import Event, Outcome, Proposed, TurnFinished
from lsp_agent.agent.history import History
from lsp_agent.engine.approvals import Approvals
from lsp_agent.engine.attempts import to_its_end
from lsp_agent.engine.deciding import accept, reject
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.hooking.commands import HookedRunner
from lsp_agent.engine.hooking.session_hooks import SessionHooks
from lsp_agent.engine.hooking.work import WorkHooks
from lsp_agent.engine.hosting import HostedSession, make_host
from lsp_agent.engine.protocol import (
    Accept,
    Approve,
    Ask,
    CannotAsk,
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
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        hooks = SessionHooks(engine, session_id=self._id, client=OWN_AGENT, emit=self._emit)
        self._hooks = WorkHooks(hooks)
        runner = HookedRunner(runner=engine.runner, session=hooks)
        self._engine = engine = replace(engine, runner=runner)
        self._task: asyncio.Task[None] | None = None
        self._jobs = SessionJobs(engine.runner)
        self._approvals = Approvals(self._emit, timeout_s=engine.approval_timeout_s)
        own = HostedSession(
            id=self._id,
            who=OWN_AGENT,
            standing=engine.standing,
            approvals=self._approvals,
            jobs=self._jobs,
            hooks=hooks,
            holds_edits=True,
        )
        self._turns = TurnRunner(
            engine=engine,
            host=make_host(engine, own),
            history=History(),
            emit=self._emit,
            hooks=hooks,
            work_hooks=self._hooks,
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

    async def close(self) -> None:
        """Take it that no more work will come; no work may run any more."""
        await self._hooks.closed()

    def _emit(self, event: Event) -> None:
        self._events.put_nowait(event)
        self._hooks.told(event)

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

    def signal(self, signal: Signal) -> bool:
        """Take a signal, and tell whether it had an effect: an answer may come too late.

        What is being applied is finished: half a change would be worse than a late stop.
        """
        match signal:
            case Interrupt():
                return self._task is not None and self._task.cancel()
            case Approve():
                return self._approvals.answer(
                    signal.request_id, signal.answer, word=signal.word, by=signal.by
                )
            case CannotAsk():
                return self._approvals.give_up(signal.request_id)
            case _:
                assert_never(signal)

    async def _guarded(self, work: Work) -> None:
        """Do the work, and turn every way to end into an outcome."""
        try:
            await self._hooks.begun()
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
        finished = replace(finished, text=self._engine.redactor.hide(finished.text))
        await self._hooks.ended(work, finished)
        self._emit(finished)

    async def _perform(self, work: Work) -> TurnFinished:
        engine, emit = self._engine, self._emit
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
