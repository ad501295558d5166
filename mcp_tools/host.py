"""The one door: every call of every tool, whoever makes it, goes through `ToolHost.call`."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from mcp_tools.code.call_turn import CallTurn
from mcp_tools.code.invalid_arguments import explain_arguments, explain_unknown_tool
from mcp_tools.ports import CallFilter, Gate, Observer, Records
from mcp_tools.types.attending import NOBODY, Attendant
from mcp_tools.types.calls import (
    Answer,
    CallEffect,
    EditEffect,
    EditOutcome,
    Programs,
    ReadLedger,
    Tool,
    ToolCall,
    ToolContext,
    ToolResult,
    Verdict,
)
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import Denied, ExpectedError
from mcp_tools.types.jobs import Jobs
from mcp_tools.types.journal import Actor, Origin
from mcp_tools.types.models import DataModel
from mcp_tools.types.publishing import UNRESTRICTED, Publishing
from mcp_tools.types.todos import TodoList
from mcp_tools.types.web import Fetcher, Searcher
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.workspace import Hold, Workspace

logger = logging.getLogger(__name__)

MAX_ERROR_CHARS = 40_000
"""What is told of a failure whose tool is not known."""


def _nobody_vouches() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPorts:
    """What a host needs from outside."""

    programs: Programs
    gate: Gate
    applier: Applier
    filters: Sequence[CallFilter] = ()
    """The first is the nearest to the caller."""
    observers: Sequence[Observer] = ()
    make_codebase: Callable[[SnapshotView], CodebaseView] | None = None
    """Gives the code as a snapshot shows it; None where there is no index."""
    jobs: Jobs | None = None
    """The shell commands of the session; None where none may run."""
    fetcher: Fetcher | None = None
    """The way to the network; None where there is none."""
    searcher: Searcher | None = None
    """The search engine that the user has named; None without one."""
    todo_list: TodoList = field(default_factory=TodoList)
    records: Records | None = None
    """Where results are kept with all of their text; None where nobody could read them."""
    is_trusted: Callable[[], bool] = _nobody_vouches
    """Tells whether the user vouches for the workspace now."""
    publishing: Publishing = UNRESTRICTED
    """The user's word on what goes out to others."""


class ToolHost:
    """Runs the tools of one session over one workspace.

    A call is validated, judged, run over a frozen snapshot, its edit judged and then held or
    applied, its output bounded, and reported to the observers. It never raises for what a
    caller did: the result says what went wrong and what to do.

    Calls that are not safe beside others run in the order in which they came; the others at once.
    A call that does more than compute, such as a command, may take long: in its order it only has
    its edit settled.
    """

    def __init__(
        self, workspace: Workspace, tools: Sequence[Tool], ports: HostPorts, *, session_id: str
    ) -> None:
        """Serve `tools` over `workspace`; what this session has read is remembered here."""
        self._session_id = session_id
        self._workspace = workspace
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in tools}
        self._ports = ports
        self._reads = ReadLedger()
        self._order = asyncio.Lock()
        self._attendants: dict[str, Attendant] = {}

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, sorted by name."""
        return tuple(self._tools[name] for name in sorted(self._tools))

    def is_concurrency_safe(self, call: ToolCall) -> bool:
        """Tell whether the call may run beside others; an unknown tool may not."""
        tool = self._tools.get(call.name)
        return tool is not None and tool.is_concurrency_safe

    def attendant(self, call_id: str) -> Attendant:
        """Give who waits for a call that runs; nobody for any other.

        While a person is asked there, the call's time stands still and others may go first.
        """
        return self._attendants.get(call_id, NOBODY)

    async def call(
        self, call: ToolCall, *, proposal_id: str, attendant: Attendant = NOBODY
    ) -> ToolResult:
        """Run one call to its end.

        It sees the text with the proposal on top, and edits that are held become part of it.
        """
        turn = CallTurn(attendant)
        self._attendants[call.id] = turn.attendant
        try:
            for each in self._ports.filters:
                call = await each.before(call)
            result = await self._answer(call, proposal_id, turn)
        except Denied as error:
            result = _failed(call, str(error), is_denied=True)
        except ExpectedError as error:
            result = _failed(call, str(error))
        except Exception:
            # A fault of a tool must not end the session: it is logged and answered.
            logger.exception("tool %s failed", call.name)
            result = _failed(call, f"the tool {call.name!r} failed by a fault of its own; see log")
        except asyncio.CancelledError:
            self._tell(call, _failed(call, "the call was cancelled"))
            raise
        finally:
            self._attendants.pop(call.id, None)
        for each in reversed(self._ports.filters):
            result = await each.after(call, result)
        result = self._told(result)
        self._tell(call, result)
        return result

    def _tell(self, call: ToolCall, result: ToolResult) -> None:
        for observer in self._ports.observers:
            observer.called(call, result)

    async def _answer(self, call: ToolCall, proposal_id: str, turn: CallTurn) -> ToolResult:
        tool = self._tool(call)
        arguments = _validated(tool, call)
        effect = CallEffect(tool=tool, call=call, demand=tool.demand(arguments))
        ruling = await self._ports.gate.judge(effect)
        if ruling.verdict is not Verdict.ALLOW:
            raise Denied(f"{call.name} was not allowed: {ruling.reason}")
        async with self._in_order(turn, if_=tool.is_pure and not tool.is_concurrency_safe):
            return await self._run(tool, call, arguments, (proposal_id, turn))

    def _in_order(self, turn: CallTurn, *, if_: bool) -> AbstractAsyncContextManager[None]:
        return turn.in_order(self._order) if if_ else nullcontext()

    async def _run(
        self, tool: Tool, call: ToolCall, arguments: DataModel, place: tuple[str, CallTurn]
    ) -> ToolResult:
        proposal_id, turn = place
        reads = self._reads.copy()
        snapshot = self._workspace.snapshot(proposal_id)
        context = ToolContext(
            root=snapshot.root,
            snapshot=snapshot,
            programs=self._ports.programs,
            reads=reads,
            make_codebase=self._ports.make_codebase,
            commands=self._ports.jobs,
            fetcher=self._ports.fetcher,
            searcher=self._ports.searcher,
            attendant=turn.attendant,
            todo_list=self._ports.todo_list,
            is_trusted=self._ports.is_trusted(),
            publishing=self._ports.publishing,
        )
        async with turn.limited(tool.name, tool.timeout_s):
            answer = await tool.run(context, arguments)
        # Made before the edit takes effect: an answer that cannot be told must not leave one.
        result = _succeeded(call, answer)
        try:
            async with self._in_order(turn, if_=not tool.is_pure):
                result = await self._settle(tool, call, result, proposal_id)
        except ExpectedError as error:
            if tool.is_pure:
                raise
            # What ran has run: its words must not be lost with its edit.
            text = f"{result.text}\n\nWhat it changed is not kept: {error}"
            return _failed(call, text, is_denied=isinstance(error, Denied))
        self._reads.learn(reads)
        return result

    def _tool(self, call: ToolCall) -> Tool:
        if call.name not in self._tools:
            raise ExpectedError(explain_unknown_tool(call.name, self._tools))
        return self._tools[call.name]

    async def _settle(
        self, tool: Tool, call: ToolCall, result: ToolResult, proposal_id: str
    ) -> ToolResult:
        """Let the gate see the real edit, then hold it, apply it, or refuse."""
        changes = result.changes
        if changes is None or not changes.files:
            return result
        snapshot = self._workspace.snapshot(proposal_id)
        effect = EditEffect(tool=tool, call=call, changes=changes, snapshot=snapshot)
        ruling = await self._ports.gate.judge(effect)
        match ruling.verdict:
            case Verdict.ALLOW:
                entry = await self._ports.applier.apply(changes, self._origin(call, proposal_id))
                return replace(result, edit_outcome=EditOutcome.APPLIED, entry_number=entry.number)
            case Verdict.HOLD:
                self._workspace.apply(Hold(proposal_id=proposal_id, changes=changes))
                return replace(result, edit_outcome=EditOutcome.HELD, proposal_id=proposal_id)
            case Verdict.DENY:
                raise Denied(f"the edit was not made: {ruling.reason}")

    def _origin(self, call: ToolCall, proposal_id: str) -> Origin:
        return Origin(
            actor=Actor.TOOL,
            name=call.name,
            session_id=self._session_id,
            turn_id=proposal_id,
            call_id=call.id,
        )

    def _told(self, result: ToolResult) -> ToolResult:
        """Keep a result with all of its text, and give it with as much as can be told."""
        records, tool = self._ports.records, self._tools.get(result.name)
        address = "" if records is None else records.keep(result)
        limit = MAX_ERROR_CHARS if tool is None else tool.max_text_chars
        text = _bounded(result.text, limit, address)
        return result if text == result.text else replace(result, text=text)


def _validated(tool: Tool, call: ToolCall) -> DataModel:
    try:
        return tool.input_model.model_validate(call.arguments)
    except ValidationError as error:
        problems = explain_arguments(call.name, tool.input_model, error)
        raise ExpectedError(problems) from error


def _succeeded(call: ToolCall, answer: Answer) -> ToolResult:
    return ToolResult(
        call_id=call.id,
        name=call.name,
        text=_as_utf8(answer.text),
        data=answer.data.model_dump(mode="json"),
        changes=answer.changes,
        attachments=answer.attachments,
    )


def _failed(call: ToolCall, text: str, *, is_denied: bool = False) -> ToolResult:
    return ToolResult(
        call_id=call.id, name=call.name, text=_as_utf8(text), is_error=True, is_denied=is_denied
    )


def _as_utf8(text: str) -> str:
    """Replace what cannot be sent to anyone: a file name may hold bytes that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _bounded(text: str, limit: int, address: str) -> str:
    """Cut a long text at a line end, say how much is missing, and where all of it is."""
    if len(text) <= limit:
        return text
    cut = text.rfind("\n", 0, limit)
    kept = text[: cut if cut > 0 else limit]
    n_left = len(text) - len(kept)
    whole = f"; the resource {address} has all of it" if address else ""
    return f"{kept}\n[{n_left} more characters were left out; ask for a smaller part{whole}]"
