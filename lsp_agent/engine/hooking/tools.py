"""Hooks around the calls of tools: before and after them, and at the gate."""

from contextvars import ContextVar
from dataclasses import dataclass, replace

from lsp_agent.engine.approvals import Inquiry
from lsp_agent.engine.hooking.session_hooks import (
    SessionHooks,
    denial_of,
    question_of,
    shortened_start,
    with_context,
)
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.firing import Said
from lsp_agent.hooks.payloads import (
    EditSeen,
    PermissionAsked,
    PermissionDecided,
    ToolEnded,
    ToolWanted,
)
from mcp_tools.ports import Gate
from mcp_tools.types.calls import (
    EditEffect,
    EditOutcome,
    Effect,
    Ruling,
    ToolCall,
    ToolResult,
    Verdict,
)
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied

_QUESTION: ContextVar[str] = ContextVar("why a person is to be asked", default="")
"""Of the effect that is judged now. Each call runs in one task, from its filters to its gate."""
_CONTEXTS: ContextVar[tuple[Said, ...]] = ContextVar("what the model is to be told", default=())
"""Of the call that runs now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolHooks:
    """Fires the events of tools; implements CallFilter, and Objector of the gate."""

    session: SessionHooks

    def over(self, gate: Gate) -> "HookedGate":
        """Give a gate that rules as `gate` does, where no hook denies it."""
        return HookedGate(gate=gate, session=self.session)

    async def before(self, call: ToolCall) -> ToolCall:
        """Give the call as hooks have changed it.

        Raises: Denied if one of them denies it.
        """
        heard = await self.session.fire(
            HookEvent.BEFORE_TOOL,
            lambda: ToolWanted(tool=call.name, call_id=call.id, arguments=call.arguments),
        )
        _QUESTION.set(question_of(heard))
        _CONTEXTS.set(self.session.take_pending() + (() if heard is None else heard.contexts))
        if heard is None:
            return call
        if denial := denial_of(heard):
            raise Denied(f"{call.name} was not allowed: {denial}")
        assert isinstance(heard.payload, ToolWanted)
        return replace(call, arguments=heard.payload.arguments)

    async def after(self, call: ToolCall, result: ToolResult) -> ToolResult:
        """Give the result with what hooks want the model to know."""
        if result.edit_outcome is EditOutcome.APPLIED and result.changes is not None:
            changes = result.changes
            await self.session.fire(HookEvent.EDIT_APPLIED, lambda: self._edit(call.name, changes))
        event = HookEvent.TOOL_FAILED if result.is_error else HookEvent.AFTER_TOOL
        heard = await self.session.fire(event, lambda: _ended(call, result))
        contexts = _CONTEXTS.get() + (() if heard is None else heard.contexts)
        if not contexts:
            return result
        _CONTEXTS.set(())
        return replace(result, text=with_context(result.text, contexts))

    def insists(self, effect: Effect) -> str:
        """Say why a person must be asked about the effect that is judged now."""
        del effect
        return _QUESTION.get()

    async def against(self, inquiry: Inquiry) -> str:
        """Say why a question must not be put; empty to put it."""
        heard = await self.session.fire(
            HookEvent.PERMISSION_ASKED,
            lambda: PermissionAsked(
                call_id=inquiry.call_id, question=inquiry.question, detail=inquiry.detail
            ),
        )
        return denial_of(heard)

    def _edit(self, tool: str, changes: ChangeSet) -> EditSeen:
        return edit_seen(self.session, tool, changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookedGate:
    """Rules as another gate, where no hook denies it; implements Gate."""

    gate: Gate
    session: SessionHooks

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect."""
        is_edit = isinstance(effect, EditEffect)
        denial = await self._denial(effect) if isinstance(effect, EditEffect) else ""
        if denial:
            ruling = Ruling(verdict=Verdict.DENY, reason=denial)
        else:
            ruling = await self.gate.judge(effect)
        await self.session.fire(
            HookEvent.PERMISSION_DECIDED,
            lambda: PermissionDecided(
                tool=effect.call.name,
                call_id=effect.call.id,
                about="edit" if is_edit else "call",
                verdict=ruling.verdict.value,
                reason=ruling.reason,
            ),
        )
        return ruling

    async def _denial(self, effect: EditEffect) -> str:
        """Let hooks see the real edit; what they ask about it is for the gate."""
        heard = await self.session.fire(
            HookEvent.EDIT_PROPOSED,
            lambda: edit_seen(self.session, effect.call.name, effect.changes),
        )
        _QUESTION.set(question_of(heard))
        return denial_of(heard)


def edit_seen(
    session: SessionHooks, tool: str, changes: ChangeSet, proposal_id: str = ""
) -> EditSeen:
    """Tell of a change of files."""
    root = session.engine.workspace.root
    names = (
        path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        for path in changes.paths
    )
    return EditSeen(tool=tool, label=changes.label, paths=tuple(names), proposal_id=proposal_id)


def _ended(call: ToolCall, result: ToolResult) -> ToolEnded:
    outcome = "denied" if result.is_denied else "failed" if result.is_error else "done"
    return ToolEnded(
        tool=call.name,
        call_id=call.id,
        arguments=call.arguments,
        outcome=outcome,
        text=shortened_start(result.text),
    )
