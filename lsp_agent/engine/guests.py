"""A guest: one caller from outside at one root, who brings a model of its own.

It has what a session has, except for a conversation: what it has read, one proposal that its
edits become part of, its commands, its list of things to do, and a gate that asks its person.
"""

import asyncio
import logging
import uuid
from dataclasses import replace
from pathlib import Path

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event
from lsp_agent.agent.questions import AnswerKind, kind_of, title_of
from lsp_agent.engine.approvals import Approvals
from lsp_agent.engine.attempts import to_its_end
from lsp_agent.engine.call_records import CallRecords
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.guest_proposal import GuestProposal
from lsp_agent.engine.hooking.commands import HookedRunner
from lsp_agent.engine.hooking.session_hooks import SessionHooks
from lsp_agent.engine.hooking.work import WorkHooks
from lsp_agent.engine.hosting import HostedSession, make_host
from mcp_tools.code.describing import OUTCOME
from mcp_tools.server.ports import Caller, CallRecord
from mcp_tools.types.attending import Attendant, Question
from mcp_tools.types.calls import EditOutcome, ToolCall, ToolResult
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import ExpectedError, JournalFailed
from mcp_tools.workspace.jobs import SessionJobs
from mcp_tools.workspace.workspace import DiskChanged

NO_NAME = "an MCP client"
FRONT_END = "mcp"

logger = logging.getLogger(__name__)


class _Running:
    """A call that runs, in the task of who waits for it."""

    def __init__(self, task: asyncio.Task[object]) -> None:
        self.task = task
        self.is_ended_by_leaving = False
        self.over = asyncio.Event()


class Guest:
    """What one caller does at one root; implements Workplace."""

    def __init__(self, engine: Engine, caller: Caller) -> None:
        """Begin with nothing read, held or started."""
        self._id = uuid.uuid4().hex
        self._engine = engine
        made_by = caller.name or NO_NAME
        hooks = SessionHooks(engine, session_id=self._id, client=made_by)
        self._hooks = WorkHooks(hooks)
        self._jobs = SessionJobs(HookedRunner(runner=engine.runner, session=hooks))
        self._records = CallRecords()
        self._proposal = GuestProposal(engine, session_id=self._id, made_by=made_by)
        self._approvals = Approvals(self._hear, timeout_s=engine.approval_timeout_s)
        self._questions: dict[str, asyncio.Task[None]] = {}
        self._running: set[_Running] = set()
        self._is_closed = False
        own = HostedSession(
            id=self._id,
            who=made_by,
            standing=engine.standing.apart(),
            approvals=self._approvals,
            jobs=self._jobs,
            hooks=hooks,
            records=self._records,
            # Its answers come through the hands of a client, which must not widen what is kept.
            is_lasting=False,
        )
        self._host = make_host(engine, own)

    @property
    def root(self) -> Path:
        """The workspace root."""
        return self._engine.workspace.root

    @property
    def is_busy(self) -> bool:
        """A call of it, or a command in the background, runs."""
        return bool(self._running) or self._jobs.n_running > 0

    def snapshot(self) -> SnapshotView:
        """Give the text as this caller sees it, with its own proposal on top."""
        return self._engine.workspace.snapshot(self._proposal.id)

    def codebase(self) -> CodebaseView:
        """Give what is known about the code, as this caller sees it; it may read files."""
        return self._engine.index.view(self.snapshot())

    def hide(self, text: str) -> str:
        """Give a text as the caller may see it, without credentials."""
        engine = self._engine
        return text if engine.shows_secrets else engine.redactor.hide(text)

    def records(self) -> tuple[CallRecord, ...]:
        """Give the last calls, the newest first."""
        return self._records.all()

    async def call(self, call: ToolCall, attendant: Attendant) -> ToolResult:
        """Run one tool; when this is cancelled, or the guest leaves, so is the call."""
        if self._is_closed:
            return _ended(call)
        running = _Running(_this_task())
        self._running.add(running)
        try:
            return await self._call(call, attendant)
        except asyncio.CancelledError:
            # Leaving ends the call, and not who waits for it. Nor may a tool do that which has
            # waited for something that was cancelled: the SDK would end the whole session.
            if running.is_ended_by_leaving:
                running.task.uncancel()
            if running.task.cancelling():
                raise
            return _ended(call)
        finally:
            self._running.discard(running)
            running.over.set()

    async def close(self) -> None:
        """End all that runs; what is held for review stays on the shelf."""
        self._is_closed = True
        running = tuple(self._running)
        for each in running:
            each.is_ended_by_leaving = True
            each.task.cancel()
        questions = set(self._questions.values())
        for question in questions:
            question.cancel()
        for each in running:
            await each.over.wait()
        if questions:
            await asyncio.wait(questions)
        await self._jobs.close()
        await self._hooks.closed()

    async def _call(self, call: ToolCall, attendant: Attendant) -> ToolResult:
        await self._hooks.begun()
        proposal_id = await self._proposal.refresh()
        result = await self._host.call(call, proposal_id=proposal_id, attendant=attendant)
        match result.edit_outcome:
            case EditOutcome.HELD:
                return await to_its_end(self._keep(result))
            case EditOutcome.APPLIED:
                return self._applied(result)
            case EditOutcome.NONE:
                return result

    async def _keep(self, result: ToolResult) -> ToolResult:
        """Put a held edit where it waits for review, and say so."""
        assert result.changes is not None
        try:
            proposal_id = await self._proposal.keep(result.proposal_id, result.changes)
        except JournalFailed as error:
            return _noted(
                result,
                f"Not written yet: held for review as proposal {result.proposal_id} while this "
                f"server runs; it cannot be kept beyond that: {error}",
            )
        except ExpectedError as error:
            return _not_held(result, error)
        if not proposal_id:
            note = "Not written: your edits have undone each other, so nothing waits for review"
            return _noted(replace(result, proposal_id=""), note)
        return _noted(
            replace(result, proposal_id=proposal_id),
            f"Not written yet: held for review as proposal {proposal_id}, which your next calls "
            f"see; the user accepts it by `lsp-agent review {proposal_id} --accept`",
        )

    def _applied(self, result: ToolResult) -> ToolResult:
        """Tell the workspace what is on disk now, and the caller how to take it back."""
        assert result.changes is not None
        self._engine.workspace.apply(DiskChanged(result.changes.paths))
        number = result.entry_number
        return _noted(result, f"Written to disk; `lsp-agent undo {number}` takes it back")

    def _hear(self, event: Event) -> None:
        """Turn a question into one to the person who waits for the call; nothing is queued."""
        match event:
            case ApprovalRequested():
                if not self._host.attendant(event.call_id).can_ask:
                    self._approvals.give_up(event.request_id)
                    return
                task = asyncio.create_task(self._ask(event))
                self._questions[event.request_id] = task
            case ApprovalResolved():
                task = self._questions.pop(event.request_id, None)
                if task is not None:
                    task.cancel()
            case _:
                pass

    async def _ask(self, event: ApprovalRequested) -> None:
        question = Question(
            text=f"{event.origin} asks: {event.question}" if event.origin else event.question,
            detail=event.detail,
            choices=tuple(title_of(answer, event.rules) for answer in event.answers),
            takes_word=True,
        )
        answer, word = AnswerKind.DENY, ""
        try:
            reply = await self._host.attendant(event.call_id).person.ask(question)
            if reply is not None:
                answer, word = kind_of(reply.text, event.answers, event.rules), reply.word
        except Exception:
            # A way to ask that fails must not leave the question open: it is a no.
            logger.exception("a question could not be asked")
        self._approvals.answer(event.request_id, answer, word=word, by=FRONT_END)


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task is not None, "calls are made on an event loop"
    return task


def _ended(call: ToolCall) -> ToolResult:
    text = "the call was stopped, because its session has ended; connect again"
    return ToolResult(call_id=call.id, name=call.name, text=text, is_error=True)


def _noted(result: ToolResult, note: str) -> ToolResult:
    """Say what became of an edit in the text and in the data: a model may see only one of them."""
    data = None if result.data is None else {**result.data, OUTCOME: note}
    return replace(result, text=f"{result.text}\n{note}", data=data, note=note)


def _not_held(result: ToolResult, error: ExpectedError) -> ToolResult:
    return ToolResult(
        call_id=result.call_id,
        name=result.name,
        text=f"the edit was not held: your earlier edits were decided on meanwhile, and {error}",
        is_error=True,
    )
