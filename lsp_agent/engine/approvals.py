"""Asking a person: a question becomes an event, the answer an op, and any doubt a no."""

import asyncio
import uuid
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event
from lsp_agent.permissions.decision import DEFAULT_POLICY, Choice, Decision, Level, Policy, decide
from mcp_tools.types.calls import EditEffect, Effect, Ruling, Verdict

MAX_DETAIL_CHARS = 10_000

Emit = Callable[[Event], None]


class Consent(StrEnum):
    """How a question was settled."""

    GIVEN = "given"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    """The time was over."""
    NOBODY = "nobody"
    """There is no way to ask."""


_NO = {
    Consent.REFUSED: "and the answer was no",
    Consent.NO_ANSWER: "and nobody answered in time",
    Consent.NOBODY: "and there is no way to ask anybody here",
}


class Approvals:
    """Open questions of one session."""

    def __init__(self, emit: Emit, *, timeout_s: float) -> None:
        """Send questions by `emit`; without an answer within `timeout_s` it is a no."""
        self._emit = emit
        self._timeout_s = timeout_s
        self._open: dict[str, asyncio.Future[Consent]] = {}

    async def ask(self, question: str, detail: str, *, call_id: str = "") -> Consent:
        """Ask and wait."""
        request_id = uuid.uuid4().hex[:12]
        answer = self._open[request_id] = asyncio.get_running_loop().create_future()
        request = ApprovalRequested(
            request_id=request_id, question=question, detail=detail, call_id=call_id
        )
        consent = Consent.NO_ANSWER
        try:
            self._emit(request)
            async with asyncio.timeout(self._timeout_s):
                consent = await answer
        except TimeoutError:
            consent = Consent.NO_ANSWER
        finally:
            del self._open[request_id]
            is_allowed = consent is Consent.GIVEN
            self._emit(ApprovalResolved(request_id=request_id, is_allowed=is_allowed))
        return consent

    def answer(self, request_id: str, *, is_allowed: bool) -> None:
        """Take an answer; one to a question that is no longer open is ignored."""
        self._settle(request_id, Consent.GIVEN if is_allowed else Consent.REFUSED)

    def give_up(self, request_id: str) -> None:
        """Take it that there is no way to ask."""
        self._settle(request_id, Consent.NOBODY)

    def _settle(self, request_id: str, consent: Consent) -> None:
        future = self._open.get(request_id)
        if future is not None and not future.done():
            future.set_result(consent)


class ApprovalGate:
    """Decides by the rules and asks where they say so; implements Gate."""

    def __init__(self, approvals: Approvals, root: Path, policy: Policy = DEFAULT_POLICY) -> None:
        """Judge effects in the workspace at `root`."""
        self._approvals = approvals
        self._root = root
        self._policy = policy

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect."""
        decision = decide(effect, self._root, self._policy)
        match decision.choice:
            case Choice.ALLOW:
                return Ruling(verdict=Verdict.ALLOW, reason=decision.reason)
            case Choice.HOLD:
                return Ruling(verdict=Verdict.HOLD, reason=decision.reason)
            case Choice.DENY:
                return _denied(decision.reason, decision)
            case Choice.ASK:
                return await self._ask(effect, decision)

    async def _ask(self, effect: Effect, decision: Decision) -> Ruling:
        question = f"Allow {effect.call.name}? {decision.reason}"
        detail = _detail(effect, self._root)
        consent = await self._approvals.ask(question, detail, call_id=effect.call.id)
        if consent is not Consent.GIVEN:
            return _denied(f"{decision.reason}, {_NO[consent]}", decision)
        # At this level an allowed edit is only held: the review of the proposal comes after it.
        is_held = isinstance(effect, EditEffect) and self._policy.level is Level.SUGGEST
        verdict = Verdict.HOLD if is_held else Verdict.ALLOW
        return Ruling(verdict=verdict, reason="allowed by the user")


def _denied(reason: str, decision: Decision) -> Ruling:
    """Say why not, and what would allow it."""
    remedy = ""
    if decision.remedy:
        remedy = f"; for the user to allow it: {decision.remedy}"
    elif decision.choice is Choice.ASK:
        remedy = "; leave it out, or let the user do it"
    return Ruling(verdict=Verdict.DENY, reason=f"{reason}{remedy}")


def _detail(effect: Effect, root: Path) -> str:
    if isinstance(effect, EditEffect):
        names = (path.relative_to(root).as_posix() for path in effect.changes.paths)
        return _bounded(f"{effect.changes.label}: {', '.join(names)}")
    # As Python writes it, since that shows characters that hide, or turn the text around.
    return _bounded(str(effect.call.arguments))


def _bounded(text: str) -> str:
    """Cut a long text, and say so: nobody must think to have seen all of it."""
    n_left = len(text) - MAX_DETAIL_CHARS
    return text if n_left <= 0 else f"{text[:MAX_DETAIL_CHARS]} [and {n_left} more characters]"
