"""A session: ops in, events out. Every front end talks to this and nothing below it."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import assert_never

from lsp_agent.agent.events import Applied, Event, Outcome, TurnFinished, TurnStarted, Warned
from lsp_agent.agent.history import History
from lsp_agent.engine.approvals import ApprovalGate, Approvals
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import (
    Accept,
    Approve,
    Ask,
    Explain,
    Fix,
    Interrupt,
    Reject,
    Signal,
    Undo,
    Work,
)
from lsp_agent.engine.turns import TurnRunner
from lsp_agent.engine.undo import applied_change, undo_changes
from lsp_agent.models.port import ModelError, Usage
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied, ExpectedError
from mcp_tools.workspace.workspace import Drop

logger = logging.getLogger(__name__)


class Session:
    """One conversation about one workspace. It does one piece of work at a time."""

    def __init__(self, engine: Engine) -> None:
        """Start with an empty conversation; nothing is contacted yet."""
        self._engine = engine
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._approvals = Approvals(self._events.put_nowait, timeout_s=engine.approval_timeout_s)
        gate = ApprovalGate(self._approvals, engine.workspace.root)
        ports = HostPorts(programs=engine.programs, gate=gate, sink=engine.sink)
        self._turns = TurnRunner(
            engine=engine,
            host=ToolHost(engine.workspace, engine.tools, ports),
            history=History(),
            emit=self._events.put_nowait,
        )

    async def run(self, work: Work) -> AsyncIterator[Event]:
        """Do a piece of work and tell of it; the last event is always `TurnFinished`.

        Closing the iterator early interrupts the work.
        Raises: RuntimeError if the session is already at work.
        """
        if self._task is not None:
            raise RuntimeError("the session is already at work; make another one for more")
        self._task = asyncio.create_task(self._guarded(work))
        try:
            while True:
                event = await self._events.get()
                yield event
                if isinstance(event, TurnFinished):
                    return
        finally:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def signal(self, signal: Signal) -> None:
        """Take a signal; without work that it could concern, nothing happens."""
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
            finished = _finished(Outcome.CANCELLED, "cancelled; nothing was changed")
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
        match work:
            case Ask() | Fix() | Explain():
                return await self._turns.run(work, proposal_id=uuid.uuid4().hex[:12])
            case Accept(proposal_id=proposal_id):
                return await self._accept(proposal_id)
            case Reject(proposal_id=proposal_id):
                self._engine.workspace.proposal(proposal_id)
                self._engine.workspace.apply(Drop(proposal_id))
                return _finished(Outcome.DONE, "the proposal was rejected; nothing was changed")
            case Undo():
                return await self._undo(work)
            case _:
                assert_never(work)

    async def _accept(self, proposal_id: str) -> TurnFinished:
        changes = self._engine.workspace.proposed_changes(proposal_id)
        self._emit_start(f"Apply: {changes.label}")
        await self._apply(changes, proposal_id)
        self._engine.workspace.apply(Drop(proposal_id))
        return _finished(Outcome.DONE, f"applied: {changes.label}")

    async def _undo(self, undo: Undo) -> TurnFinished:
        applied = self._engine.undo.newest(undo.path)
        read = self._engine.workspace.snapshot().read
        changes = undo_changes(applied, read)
        self._emit_start(changes.label)
        if not changes.files:
            self._engine.undo.remove(applied)
            return _finished(Outcome.DONE, f"{applied.label}: was already undone")
        await self._engine.sink.apply(changes)
        self._engine.undo.remove(applied)
        self._events.put_nowait(Applied(proposal_id="", changes=changes))
        return _finished(Outcome.DONE, f"undone: {applied.label}")

    async def _apply(self, changes: ChangeSet, proposal_id: str) -> None:
        if not changes.files:
            self._events.put_nowait(Warned("the text already is as proposed"))
            return
        applied = applied_change(changes, self._engine.workspace.snapshot().read)
        await self._engine.sink.apply(changes)
        self._engine.undo.push(applied)
        self._events.put_nowait(Applied(proposal_id=proposal_id, changes=changes))

    def _emit_start(self, title: str) -> None:
        self._events.put_nowait(TurnStarted(title=title, model=""))


def _finished(outcome: Outcome, text: str) -> TurnFinished:
    return TurnFinished(outcome=outcome, text=text, usage=Usage())
