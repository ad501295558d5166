"""Asking a person: a question becomes an event, the answer an op, and any doubt a no."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event
from lsp_agent.permissions.decision import Choice, decide
from mcp_tools.types.calls import EditEffect, Effect, Ruling, Verdict

Emit = Callable[[Event], None]


class Approvals:
    """Open questions of one session."""

    def __init__(self, emit: Emit, *, timeout_s: float) -> None:
        """Send questions by `emit`; without an answer within `timeout_s` it is a no."""
        self._emit = emit
        self._timeout_s = timeout_s
        self._open: dict[str, asyncio.Future[bool]] = {}

    async def ask(self, question: str, detail: str) -> bool:
        """Ask and wait; False for a no, and when nobody answers in time."""
        request_id = uuid.uuid4().hex[:12]
        answer = self._open[request_id] = asyncio.get_running_loop().create_future()
        is_allowed = False
        try:
            self._emit(ApprovalRequested(request_id=request_id, question=question, detail=detail))
            async with asyncio.timeout(self._timeout_s):
                is_allowed = await answer
        except TimeoutError:
            is_allowed = False
        finally:
            del self._open[request_id]
            self._emit(ApprovalResolved(request_id=request_id, is_allowed=is_allowed))
        return is_allowed

    def answer(self, request_id: str, *, is_allowed: bool) -> None:
        """Take an answer; one to a question that is no longer open is ignored."""
        future = self._open.get(request_id)
        if future is not None and not future.done():
            future.set_result(is_allowed)


class ApprovalGate:
    """Decides by the rules and asks where they say so; implements Gate."""

    def __init__(self, approvals: Approvals, root: Path) -> None:
        """Judge effects in the workspace at `root`."""
        self._approvals = approvals
        self._root = root

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect."""
        decision = decide(effect, self._root)
        match decision.choice:
            case Choice.ALLOW:
                return Ruling(verdict=Verdict.ALLOW, reason=decision.reason)
            case Choice.HOLD:
                return Ruling(verdict=Verdict.HOLD, reason=decision.reason)
            case Choice.DENY:
                return Ruling(verdict=Verdict.DENY, reason=decision.reason)
            case Choice.ASK:
                return await self._ask(effect, decision.reason)

    async def _ask(self, effect: Effect, reason: str) -> Ruling:
        question = f"Allow {effect.call.name}? {reason}"
        if not await self._approvals.ask(question, _detail(effect, self._root)):
            return Ruling(verdict=Verdict.DENY, reason=f"{reason}, and nobody allowed it")
        # Even an allowed edit is only held: the review of the proposal comes after it.
        verdict = Verdict.HOLD if isinstance(effect, EditEffect) else Verdict.ALLOW
        return Ruling(verdict=verdict, reason="allowed by the user")


def _detail(effect: Effect, root: Path) -> str:
    if isinstance(effect, EditEffect):
        names = (path.relative_to(root).as_posix() for path in effect.changes.paths)
        return f"{effect.changes.label}: {', '.join(names)}"
    return str(effect.call.arguments)
