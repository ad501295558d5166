"""The decision about one effect: allow it, hold it for review, ask a person, or deny it.

The order is fixed, and the first that has an answer gives it:

1. hard limits: what leaves the workspace, what is more than reading at the level `observe`,
   and a shell line that was not judged, are denied;
2. rules that deny;
3. protected paths: those of the system are denied, those of the project asked about;
4. rules that ask;
5. rules that allow; in a folder that is not trusted, only answers of this session do;
6. the level, and whether the folder is trusted.

Where the level says that nobody is there, each question is a denial in the end. All of this is
pure: asking is an answer, and what comes of it is the engine's affair.
"""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from lsp_agent.permissions.applying import catching, parts_without_rule, permitting, unknown_words
from lsp_agent.permissions.cases import Case
from lsp_agent.permissions.generalising import rules_for_commands, rules_for_tool, rules_for_url
from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.policy import DEFAULT_POLICY, Policy
from lsp_agent.permissions.protected import Kind
from lsp_agent.permissions.protected_edits import ProtectedFile
from lsp_agent.permissions.rules import Do, Rule, Scope
from lsp_agent.permissions.shell.judgement import LineJudgement
from mcp_tools.types.calls import EditEffect, Effect, Risk, Tool

MAX_REASONS = 6
"""Of what was found, so much is told."""


class Choice(StrEnum):
    """What to do about an effect."""

    ALLOW = "allow"
    HOLD = "hold"
    """Only for edits: keep it as a proposal."""
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A choice, with what made it."""

    choice: Choice
    reasons: tuple[str, ...]
    """At least one; names in them are as they are, with characters that nobody sees."""
    rule: Rule | None = None
    """The rule that decided; None if none did."""
    risk: Risk = Risk.LOW
    remedy: str = ""
    """What the user can do so that it is allowed without a question; empty if nothing can."""
    offers: tuple[Rule, ...] = ()
    """The rules that would, all together, allow it from now on; none where rules cannot."""

    @property
    def reason(self) -> str:
        """All reasons in one line."""
        return "; ".join(self.reasons)


def decide(
    effect: Effect,
    root: Path,
    policy: Policy = DEFAULT_POLICY,
    judgement: LineJudgement | None = None,
) -> Decision:
    """Decide about one effect in the workspace at `root`.

    `judgement` is that of the shell line that the effect would run, if it would run one.
    """
    case = Case(effect=effect, root=root, policy=policy, judgement=judgement)
    found = next(decision for step in _STEPS if (decision := step(case)) is not None)
    return _with_nobody(found) if policy.level is Level.UNATTENDED else found


def _hard_limits(case: Case) -> Decision | None:
    outside = [path for path in case.paths if not path.is_relative_to(case.root)]
    if isinstance(case.effect, EditEffect) and outside:
        return _denied(case, f"{outside[0]} is outside of the workspace")
    if case.run is not None and (case.line is None or case.line.line != case.run.line):
        return _denied(case, "the shell line could not be judged")
    if case.policy.level is Level.OBSERVE and not _only_reads(case):
        return replace(
            _denied(case, f"{_what(case)}, and the level is observe"), remedy=_REMEDY_OF_LEVEL
        )
    return None


def _denied_by_rule(case: Case) -> Decision | None:
    rule = catching(case, Do.DENY)
    if rule is None:
        return None
    return replace(
        _denied(case, f"{_owner(rule)} says `{rule.text}`"), rule=rule, remedy=_REMEDY_OF_RULE
    )


def _protected(case: Case) -> Decision | None:
    found = case.protected
    refused = [each for each in found if each.protection.kind is Kind.SYSTEM]
    if refused:
        reasons = _told(
            f"{_name(each, case)} is out of bounds: {each.protection.why}" for each in refused
        )
        return Decision(choice=Choice.DENY, reasons=reasons, risk=Risk.HIGH)
    if found:
        reasons = _told(
            f"{_name(each, case)} can make programs run later: {each.protection.why}"
            for each in found
        )
        return Decision(choice=Choice.ASK, reasons=reasons, risk=Risk.HIGH)
    return None


def _asked_by_rule(case: Case) -> Decision | None:
    rule = catching(case, Do.ASK)
    if rule is not None:
        reason = f"{_owner(rule)} says `{rule.text}`"
        return replace(_asked(case, (reason,)), rule=rule, remedy=_REMEDY_OF_RULE)
    rule = unknown_words(case)
    if rule is not None:
        reason = f"what it runs is not known before, and could be what `{rule.text}` is about"
        return replace(_asked(case, (reason,)), rule=rule)
    return None


def _allowed_by_rule(case: Case) -> Decision | None:
    rule = permitting(case)
    if rule is None:
        return None
    reason = f"{_owner(rule)} says `{rule.text}`"
    return Decision(choice=Choice.ALLOW, reasons=(reason,), rule=rule, risk=case.risk)


def _by_level(case: Case) -> Decision:
    if isinstance(case.effect, EditEffect):
        return _edit_by_level(case)
    if case.is_free:
        return Decision(choice=Choice.ALLOW, reasons=("reading and computing edits is free",))
    if case.policy.trust is Trust.UNTRUSTED:
        reasons = (*_found(case), "this folder is not trusted")
        remedy = f"run `lsp-agent trust grant {shlex.quote(str(case.root))}`"
        return replace(_asked(case, reasons), remedy=remedy, offers=_offers(case))
    if case.line is not None and case.risk is Risk.LOW:
        return Decision(choice=Choice.ALLOW, reasons=("the line only reads the workspace",))
    if _is_for_auto(case):
        return Decision(
            choice=Choice.ALLOW, reasons=(f"the level is {case.policy.level}",), risk=case.risk
        )
    reasons = (*_found(case), _why_not_by_level(case))
    offers = _offers(case)
    return replace(_asked(case, reasons), remedy=_remedy(case, offers), offers=offers)


_STEPS: tuple[Callable[[Case], Decision | None], ...] = (
    _hard_limits,
    _denied_by_rule,
    _protected,
    _asked_by_rule,
    _allowed_by_rule,
    _by_level,
)
"""The order; the last one always has an answer."""


def _only_reads(case: Case) -> bool:
    return case.is_free or (case.line is not None and case.risk is Risk.LOW)


def _edit_by_level(case: Case) -> Decision:
    risk = case.risk
    if case.policy.trust is Trust.UNTRUSTED:
        reason = "edits wait for review in a folder that is not trusted"
        return Decision(choice=Choice.HOLD, reasons=(reason,), risk=risk)
    if case.policy.holds_edits:
        reason = f"edits wait for review at the level {case.policy.level}"
        return Decision(choice=Choice.HOLD, reasons=(reason,), risk=risk)
    return Decision(choice=Choice.ALLOW, reasons=(f"the level is {case.policy.level}",), risk=risk)


def _is_for_auto(case: Case) -> bool:
    """Whether what is of low or medium risk runs: a shell line only inside of a sandbox."""
    is_auto = case.policy.level in (Level.AUTO, Level.UNATTENDED)
    is_safe = case.line is None or case.policy.is_confined
    return is_auto and is_safe and case.risk is not Risk.HIGH


def _why_not_by_level(case: Case) -> str:
    if case.policy.level not in (Level.AUTO, Level.UNATTENDED):
        return f"the level is {case.policy.level}"
    return "its risk is high" if case.risk is Risk.HIGH else "there is no working sandbox"


def _with_nobody(decision: Decision) -> Decision:
    """Give what becomes of a decision where nobody can be asked."""
    if decision.choice is not Choice.ASK:
        return decision
    kept = "it is kept for later, see `lsp-agent waiting`"
    remedy = f"{kept}; or {decision.remedy}" if decision.remedy else kept
    reasons = (*decision.reasons, "nobody is there to be asked")
    return replace(decision, choice=Choice.DENY, reasons=reasons, remedy=remedy, offers=())


def _denied(case: Case, reason: str) -> Decision:
    return Decision(choice=Choice.DENY, reasons=(reason,), risk=case.risk)


def _asked(case: Case, reasons: tuple[str, ...]) -> Decision:
    return Decision(choice=Choice.ASK, reasons=reasons, risk=case.risk)


def _found(case: Case) -> tuple[str, ...]:
    """Say what is more than reading about a case."""
    if case.line is None or not case.line.findings:
        return (_what(case),)
    return _told(f"{found.check}: {found.detail}" for found in case.line.findings)


def _what(case: Case) -> str:
    if isinstance(case.effect, EditEffect):
        return "an edit is more than reading"
    return f"{case.tool.name} {_does(case.tool)}"


def _does(tool: Tool) -> str:
    if not tool.is_open_world:
        return "does more than read"
    return "reaches the network" if tool.is_read_only else "runs commands"


def _told(reasons: Iterable[str]) -> tuple[str, ...]:
    """Give the first reasons, and how many more there are."""
    found = tuple(dict.fromkeys(reasons))
    n_more = len(found) - MAX_REASONS
    return found if n_more <= 0 else (*found[:MAX_REASONS], f"and {n_more} more")


def _name(each: ProtectedFile, case: Case) -> str:
    if not each.path.is_relative_to(case.root):
        return str(each.path)
    return each.path.relative_to(case.root).as_posix()


def _offers(case: Case) -> tuple[Rule, ...]:
    """Give the rules that would allow a case; in an untrusted folder, for this session."""
    is_trusted = case.policy.trust is Trust.TRUSTED
    scope = Scope.USER if is_trusted else Scope.SESSION
    offers = tuple(replace(rule, scope=scope) for rule in _rules_for(case))
    with_them = replace(case.policy, rules=(*case.policy.rules, *offers))
    return offers if permitting(replace(case, policy=with_them)) is not None else ()


def _rules_for(case: Case) -> tuple[Rule, ...]:
    if case.line is not None:
        return rules_for_commands(part.words for part in parts_without_rule(case, case.line))
    return rules_for_tool(case.tool) if case.url is None else rules_for_url(case.url)


def _remedy(case: Case, offers: tuple[Rule, ...]) -> str:
    rules = " and ".join(f"`lsp-agent rules add {shlex.quote(rule.text)}`" for rule in offers)
    if case.line is not None:
        return f"run {rules}" if rules else ""
    start = f"start with `--allow {case.tool.name}`"
    return f"{start}, or run {rules}" if rules else start


def _owner(rule: Rule) -> str:
    return {
        Scope.USER: "a rule of the user",
        Scope.PROJECT: "a rule of the project",
        Scope.SESSION: "an answer of the user",
    }[rule.scope]


_REMEDY_OF_LEVEL = "start with `--level suggest`, or set `level` in the user's config.toml"
_REMEDY_OF_RULE = "run `lsp-agent rules`, which shows where that rule stands"
