"""The one door: every call of every tool, whoever makes it, goes through `ToolHost.call`."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ValidationError

from mcp_tools.ports import Gate, Observer
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
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied, ExpectedError
from mcp_tools.types.journal import Actor, Origin
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.workspace import Hold, Workspace

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPorts:
    """What a host needs from outside."""

    programs: Programs
    gate: Gate
    applier: Applier
    observers: Sequence[Observer] = ()
    make_codebase: Callable[[SnapshotView], CodebaseView] | None = None
    """Gives the code as a snapshot shows it; None where there is no index."""


class ToolHost:
    """Runs the tools of one session over one workspace.

    A call is validated, judged, run over a frozen snapshot, its edit judged and then held or
    applied, its output bounded, and reported to the observers. It never raises for what a
    caller did: the result says what went wrong and what to do.
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

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, sorted by name."""
        return tuple(self._tools[name] for name in sorted(self._tools))

    def is_concurrency_safe(self, call: ToolCall) -> bool:
        """Tell whether the call may run beside others; an unknown tool may not."""
        tool = self._tools.get(call.name)
        return tool is not None and tool.is_concurrency_safe

    async def call(self, call: ToolCall, *, proposal_id: str) -> ToolResult:
        """Run one call to its end.

        It sees the text with the proposal on top, and edits that are held become part of it.
        """
        try:
            result = await self._answer(call, proposal_id)
        except Denied as error:
            result = _failed(call, str(error), is_denied=True)
        except ExpectedError as error:
            result = _failed(call, str(error))
        except Exception:
            # A fault of a tool must not end the session: it is logged and answered.
            logger.exception("tool %s failed", call.name)
            result = _failed(call, f"the tool {call.name!r} failed by a fault of its own; see log")
        for observer in self._ports.observers:
            observer.called(call, result)
        return result

    async def _answer(self, call: ToolCall, proposal_id: str) -> ToolResult:
        tool = self._tool(call)
        arguments = _validated(tool, call)
        ruling = await self._ports.gate.judge(CallEffect(tool=tool, call=call))
        if ruling.verdict is not Verdict.ALLOW:
            raise Denied(f"{call.name} was not allowed: {ruling.reason}")
        reads = self._reads.copy()
        snapshot = self._workspace.snapshot(proposal_id)
        context = ToolContext(
            root=snapshot.root,
            snapshot=snapshot,
            programs=self._ports.programs,
            reads=reads,
            make_codebase=self._ports.make_codebase,
        )
        answer = await tool.run(context, arguments)
        # Made before the edit takes effect: an answer that cannot be told must not leave one.
        result = _succeeded(tool, call, answer)
        outcome = await self._settle(tool, call, answer.changes, proposal_id)
        self._reads.learn(reads)
        return replace(result, edit_outcome=outcome)

    def _tool(self, call: ToolCall) -> Tool:
        if call.name not in self._tools:
            names = ", ".join(sorted(self._tools))
            raise ExpectedError(f"there is no tool {call.name!r}; the tools are: {names}")
        return self._tools[call.name]

    async def _settle(
        self, tool: Tool, call: ToolCall, changes: ChangeSet | None, proposal_id: str
    ) -> EditOutcome:
        """Let the gate see the real edit, then hold it, apply it, or refuse."""
        if changes is None or not changes.files:
            return EditOutcome.NONE
        effect = EditEffect(tool=tool, call=call, changes=changes)
        ruling = await self._ports.gate.judge(effect)
        match ruling.verdict:
            case Verdict.ALLOW:
                await self._ports.applier.apply(changes, self._origin(call, proposal_id))
                return EditOutcome.APPLIED
            case Verdict.HOLD:
                self._workspace.apply(Hold(proposal_id=proposal_id, changes=changes))
                return EditOutcome.HELD
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


def _validated(tool: Tool, call: ToolCall) -> BaseModel:
    try:
        return tool.input_model.model_validate(call.arguments)
    except ValidationError as error:
        problems = "; ".join(_problem(item["loc"], item["msg"]) for item in error.errors())
        raise ExpectedError(f"the arguments of {call.name} are not valid: {problems}") from error


def _problem(location: tuple[int | str, ...], message: str) -> str:
    field = ".".join(map(str, location)) or "(the whole input)"
    return f"{field}: {message}"


def _succeeded(tool: Tool, call: ToolCall, answer: Answer) -> ToolResult:
    return ToolResult(
        call_id=call.id,
        name=call.name,
        text=_bounded(_as_utf8(answer.text), tool.max_text_chars),
        data=answer.data.model_dump(mode="json"),
        changes=answer.changes,
    )


def _failed(call: ToolCall, text: str, *, is_denied: bool = False) -> ToolResult:
    return ToolResult(
        call_id=call.id, name=call.name, text=text, is_error=True, is_denied=is_denied
    )


def _as_utf8(text: str) -> str:
    """Replace what cannot be sent to anyone: a file name may hold bytes that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _bounded(text: str, limit: int) -> str:
    """Cut a long text at a line end, and say how much is missing."""
    if len(text) <= limit:
        return text
    cut = text.rfind("\n", 0, limit)
    kept = text[: cut if cut > 0 else limit]
    n_left = len(text) - len(kept)
    return f"{kept}\n[{n_left} more characters were left out; ask for a smaller part]"
