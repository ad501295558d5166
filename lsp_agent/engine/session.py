"""A session: ops in, events out. Every front end talks to this and nothing below it."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import TypeVar, assert_never

from lsp_agent.agent.events import (
    Applied,
    Event,
    Outcome,
    Proposed,
    TurnFinished,
    TurnStarted,
    Warned,
)
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
from lsp_agent.engine.undo import AppliedChange, applied_change, undo_changes
from lsp_agent.models.port import ModelError, Usage
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied, ExpectedError, StaleEdit
from mcp_tools.workspace.workspace import Drop

NOTHING_CHANGED = "cancelled; nothing was changed"
MAX_APPLY_ATTEMPTS = 3
"""How often a change is computed anew because somebody typed while it was on its way."""

ResultT = TypeVar("ResultT")

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

    async def run(self, work: Work) -> AsyncGenerator[Event, None]:
        """Do a piece of work and tell of it; the last event is always `TurnFinished`.

        Closing the iterator early interrupts the work, and drops a proposal that was not told.
        Raises: RuntimeError if the session is already at work.
        """
        if self._task is not None and not self._task.done():
            raise RuntimeError("the session is already at work; make another one for more")
        self._forget_unread()
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
            self._forget_unread()

    def _note_end(self, task: asyncio.Task[None]) -> None:
        """Tell of work that was interrupted before it had begun, and so could not tell itself."""
        if task.cancelled():
            self._events.put_nowait(_finished(Outcome.CANCELLED, NOTHING_CHANGED))

    def _forget_unread(self) -> None:
        """Empty the queue, so that the next work does not begin with events of this one."""
        while not self._events.empty():
            event = self._events.get_nowait()
            if isinstance(event, Proposed):
                self._engine.workspace.apply(Drop(event.proposal_id))

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
        match work:
            case Ask() | Fix() | Explain():
                return await self._turns.run(work, proposal_id=uuid.uuid4().hex[:12])
            case Accept(proposal_id=proposal_id):
                return await _to_its_end(self._accept(proposal_id))
            case Reject(proposal_id=proposal_id):
                self._engine.workspace.proposal(proposal_id)
                self._engine.workspace.apply(Drop(proposal_id))
                return _finished(Outcome.DONE, "the proposal was rejected; nothing was changed")
            case Undo():
                return await _to_its_end(self._undo(work))
            case _:
                assert_never(work)

    async def _accept(self, proposal_id: str) -> TurnFinished:
        workspace = self._engine.workspace
        label = workspace.proposal(proposal_id).label
        self._emit_start(f"Apply: {label}")
        change = await self._apply(lambda: workspace.proposed_changes(proposal_id))
        if change is None:
            self._events.put_nowait(Warned("the text already is as proposed"))
        else:
            changes, applied = change
            self._engine.undo.push(applied)
            self._events.put_nowait(Applied(proposal_id=proposal_id, changes=changes))
        workspace.apply(Drop(proposal_id))
        return _finished(Outcome.DONE, f"applied: {label}")

    async def _undo(self, undo: Undo) -> TurnFinished:
        workspace = self._engine.workspace
        undone = self._engine.undo.newest(undo.path)
        self._emit_start(f"Undo: {undone.label}")
        change = await self._apply(lambda: undo_changes(undone, workspace.snapshot().read))
        self._engine.undo.remove(undone)
        if change is None:
            return _finished(Outcome.DONE, f"{undone.label}: was already undone")
        self._events.put_nowait(Applied(proposal_id="", changes=change[0]))
        return _finished(Outcome.DONE, f"undone: {undone.label}")

    async def _apply(
        self, compute: Callable[[], ChangeSet]
    ) -> tuple[ChangeSet, AppliedChange] | None:
        """Apply what `compute` gives for the text of now; None when that has it already.

        Raises: StaleEdit if it no longer merges, or the text moves on at every attempt;
            Conflict, Denied, NotFound.
        """
        for _ in range(MAX_APPLY_ATTEMPTS - 1):
            changes = compute()
            with suppress(StaleEdit):
                return await self._apply_once(changes)
        return await self._apply_once(compute())

    async def _apply_once(self, changes: ChangeSet) -> tuple[ChangeSet, AppliedChange] | None:
        if not changes.files:
            return None
        applied = applied_change(changes, self._engine.workspace.snapshot().read)
        await self._engine.sink.apply(changes)
        return changes, applied

    def _emit_start(self, title: str) -> None:
        self._events.put_nowait(TurnStarted(title=title, model=""))


async def _to_its_end(work: Coroutine[object, object, ResultT]) -> ResultT:
    """Wait for work that must not stop half way, even when the one who waits is cancelled."""
    task = asyncio.create_task(work)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    return task.result()


def _finished(outcome: Outcome, text: str) -> TurnFinished:
    return TurnFinished(outcome=outcome, text=text, usage=Usage())
