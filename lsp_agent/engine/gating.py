"""The gate of a session: decides by what the user has chosen, and asks where that says so."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.approvals import Approvals, Consent, Inquiry, Settlement
from lsp_agent.engine.inquiring import Terms, inquiry_about, what_happens
from lsp_agent.engine.judging import LineJudge
from lsp_agent.engine.standing import Standing
from lsp_agent.engine.waiting import Waiting, WaitingList
from lsp_agent.permissions.decision import Choice, Decision, decide
from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.policy import Policy
from lsp_agent.permissions.rules import Rule, Scope
from lsp_agent.permissions.shell.judgement import LineJudgement
from lsp_agent.trust.store import TrustView
from mcp_tools.types.calls import EditEffect, Effect, Grounds, Risk, Ruling, Verdict
from mcp_tools.types.demands import LineRun
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.journal.clock import now

_NO = {
    Consent.REFUSED: "and the answer was no",
    Consent.NO_ANSWER: "and nobody answered in time",
    Consent.NOBODY: "and there is no way to ask anybody here",
}
_KEPT_CHARS = 4_096

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An effect, with all that was known when it was decided about."""

    effect: Effect
    policy: Policy
    judgement: LineJudgement | None
    decision: Decision


class Objector(Protocol):
    """Makes the gate stricter, never wider."""

    def insists(self, effect: Effect) -> str:
        """Say why a person must be asked about an effect; empty to leave it to the rules."""
        ...

    async def against(self, inquiry: Inquiry) -> str:
        """Say why a question must not even be put; empty to put it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGate:
    """Rules on the effects of one session; implements Gate."""

    root: Path
    standing: Standing
    approvals: Approvals
    lines: LineJudge
    waiting: WaitingList
    who: str
    """Whose effects they are, for those that wait."""
    origin: str = ""
    """The agent that asks, where it is not the one that the person talks to."""
    holds_edits: bool = False
    """Its edits are one proposal at the end, whatever the level."""
    is_lasting: bool = True
    """An answer may save a rule, or trust the folder."""
    objector: Objector | None = None

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect; a fault of our own is a no."""
        try:
            judgement = await self._judgement(effect)
            while True:
                ruling = await self._ruling(await self._case(effect, judgement))
                if ruling is not None:
                    return ruling
        except Exception:
            # The gate's boundary: what cannot be judged must not happen.
            logger.exception("%s could not be judged", effect.call.name)
            return Ruling(verdict=Verdict.DENY, reason="it could not be judged; see the log")

    async def _judgement(self, effect: Effect) -> LineJudgement | None:
        if isinstance(effect, EditEffect) or not isinstance(effect.demand, LineRun):
            return None
        return await self.lines.judge(effect.demand)

    async def _case(self, effect: Effect, judgement: LineJudgement | None) -> _Case:
        is_reading = judgement is None or judgement.risk is Risk.LOW
        policy = self.standing.now() if is_reading else await self.standing.with_sandbox()
        decision = self._stricter(decide(effect, self.root, policy, judgement), effect)
        return _Case(effect=effect, policy=policy, judgement=judgement, decision=decision)

    def _stricter(self, decision: Decision, effect: Effect) -> Decision:
        """Make it a question where somebody insists on one; no rule would spare it."""
        why = "" if self.objector is None else self.objector.insists(effect)
        if not why or decision.choice is Choice.DENY:
            return decision
        reasons = (why, *decision.reasons) if decision.choice is Choice.ASK else (why,)
        return replace(decision, choice=Choice.ASK, reasons=reasons, offers=(), remedy="")

    async def _ruling(self, case: _Case) -> Ruling | None:
        """Rule on a case; None to decide again, because the policy may be another one now."""
        decision = case.decision
        match decision.choice:
            case Choice.ALLOW:
                return self._allowed(case, decision.reason)
            case Choice.HOLD:
                return _ruling(case, Verdict.HOLD, decision.reason)
            case Choice.DENY:
                if self._is_for_lack_of_a_person(case):
                    await self._keep(case)
                return _denied(case, decision.reason)
            case Choice.ASK:
                return await self._ask(case)

    async def _ask(self, case: _Case) -> Ruling | None:
        if not self.standing.is_attended:
            return await self._settled(case, Settlement(consent=Consent.NOBODY))
        view = self._view_of_trust(case)
        inquiry = await asyncio.to_thread(
            inquiry_about,
            case.effect,
            case.decision,
            self.root,
            Terms(trust=case.policy.trust, view=view, is_lasting=self.is_lasting),
        )
        objection = "" if self.objector is None else await self.objector.against(inquiry)
        if objection:
            return _ruling(case, Verdict.DENY, f"{case.decision.reason}, and {objection}")
        likeness = inquiry.likeness and f"{self.origin}: {inquiry.likeness}"
        inquiry = replace(inquiry, origin=self.origin, likeness=likeness)
        settlement = await self.approvals.ask(inquiry)
        if settlement is None:
            return None
        if view is not None and settlement.answer is not None:
            self.standing.trust_answered()
        if view is not None and settlement.answer is AnswerKind.TRUST:
            self._try(lambda: self.standing.trust_folder(view.powers), "the folder is not trusted")
            return None
        return await self._settled(case, settlement)

    async def _settled(self, case: _Case, settlement: Settlement) -> Ruling:
        """Rule by the answer of a person, or by there being none."""
        if settlement.consent is Consent.GIVEN:
            self._grant(case.decision, settlement.answer)
            return self._allowed(case, "allowed by the user", settlement)
        if settlement.consent is not Consent.REFUSED:
            await self._keep(case)
        reason = f"{case.decision.reason}, {_NO[settlement.consent]}"
        if settlement.word:
            # Data, and marked as such: a model may heed it, and must not take it for ours.
            return _ruling(
                case,
                Verdict.DENY,
                f"{reason}; the user says: {_quoted(settlement.word)}",
                settlement,
            )
        return _denied(case, reason, settlement)

    def _allowed(self, case: _Case, reason: str, settlement: Settlement | None = None) -> Ruling:
        """Allow it; an edit is only held where its review comes after."""
        is_edit = isinstance(case.effect, EditEffect)
        is_held = is_edit and (self.holds_edits or case.policy.holds_edits)
        return _ruling(case, Verdict.HOLD if is_held else Verdict.ALLOW, reason, settlement)

    def _grant(self, decision: Decision, answer: AnswerKind | None) -> None:
        """Keep the rules that the person was shown, for as long as the answer says."""
        if answer not in (AnswerKind.SESSION, AnswerKind.ALWAYS):
            return
        scope = Scope.USER if answer is AnswerKind.ALWAYS else Scope.SESSION
        for rule in decision.offers:
            kept = replace(rule, scope=scope)
            self._try(lambda kept=kept: self.standing.grant(kept), "the rule is not saved")

    def _try(self, keep: Callable[[], None], failure: str) -> None:
        try:
            keep()
        except (ExpectedError, OSError) as error:
            self.approvals.warn(f"{failure}: {error}")

    def _view_of_trust(self, case: _Case) -> TrustView | None:
        """Give what to show of trust where that alone would spare the question."""
        if case.policy.trust is Trust.TRUSTED or not self.is_lasting:
            return None
        trusted = replace(case.policy, trust=Trust.TRUSTED)
        if decide(case.effect, self.root, trusted, case.judgement).choice is Choice.ASK:
            return None
        return self.standing.view_of_trust()

    def _is_for_lack_of_a_person(self, case: _Case) -> bool:
        """Tell whether a denial would be a question if somebody were there."""
        if case.policy.level is not Level.UNATTENDED:
            return False
        attended = replace(case.policy, level=Level.AUTO)
        return decide(case.effect, self.root, attended, case.judgement).choice is Choice.ASK

    async def _keep(self, case: _Case) -> None:
        """Keep for later what was denied for lack of a person."""
        run = None if isinstance(case.effect, EditEffect) else case.effect.demand
        line = run.line if isinstance(run, LineRun) else ""
        waiting = Waiting(
            at=now().isoformat(timespec="seconds"),
            who=self.who,
            tool=case.effect.call.name,
            what=await asyncio.to_thread(what_happens, case.effect, self.root),
            folder=str(self.lines.folder_of(run)) if isinstance(run, LineRun) else "",
            line=line if len(line) <= _KEPT_CHARS else "",
            risk=case.decision.risk.value,
            reason=case.decision.reason,
        )
        await asyncio.to_thread(self.waiting.add, waiting)


def _denied(case: _Case, reason: str, settlement: Settlement | None = None) -> Ruling:
    """Say why not, and what would allow it."""
    decision, remedy = case.decision, ""
    if decision.remedy:
        remedy = f"; for the user to allow it: {decision.remedy}"
    elif decision.choice is Choice.ASK:
        remedy = "; leave it out, or let the user do it"
    return _ruling(case, Verdict.DENY, f"{reason}{remedy}", settlement)


def _ruling(
    case: _Case, verdict: Verdict, reason: str, settlement: Settlement | None = None
) -> Ruling:
    """Give a ruling with what it rests on."""
    rule, judgement = case.decision.rule, case.judgement
    found = () if judgement is None else judgement.findings
    answer = None if settlement is None else settlement.answer
    return Ruling(
        verdict=verdict,
        reason=reason,
        grounds=Grounds(
            level=case.policy.level.value,
            trust=case.policy.trust.value,
            risk=case.decision.risk.value,
            rule="" if rule is None else _named(rule),
            checks=tuple(dict.fromkeys(str(each.check) for each in found)),
            answer="" if answer is None else answer.value,
            answered_by="" if settlement is None else settlement.by,
        ),
    )


def _named(rule: Rule) -> str:
    """Name a rule; what only this session knows may hold words that nobody wrote to a file."""
    return "of this session" if rule.scope is Scope.SESSION else f"{rule.text} ({rule.scope})"


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
