"""What the gate makes of a command, as text and as JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsp_agent.permissions.decision import Decision
from lsp_agent.permissions.policy import Policy
from lsp_agent.permissions.shell.checks.catalogue import all_checks
from lsp_agent.permissions.shell.judgement import Finding, LineJudgement, PartJudgement
from lsp_agent.permissions.shell.showing import one_line
from mcp_tools.types.json import JsonObject, JsonValue

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement, what is decided on it, and by which policy."""

    judgement: LineJudgement
    decision: Decision
    policy: Policy


def explanation(verdict: Verdict) -> str:
    """Give all of it for a person; nothing hidden in the command is hidden here."""
    return "\n".join(_lines(verdict))


def short_report(verdict: Verdict) -> JsonObject:
    """Give what a program wants to know of one command among many."""
    found = verdict.judgement.findings
    return {
        "decision": str(verdict.decision.choice),
        "risk": str(verdict.judgement.risk),
        "checks": list(dict.fromkeys(each.check for each in found)),
        "reason": verdict.decision.reason,
    }


def report(verdict: Verdict) -> JsonObject:
    """Give all of it for a program."""
    judgement, decision, policy = verdict.judgement, verdict.decision, verdict.policy
    return {
        "schema": SCHEMA,
        "command": judgement.line,
        **short_report(verdict),
        "parts": [_part(part) for part in judgement.parts],
        "structure": _findings(judgement.structure),
        "level": str(policy.level),
        "trust": str(policy.trust),
        "is_confined": policy.is_confined,
        "rule": "" if decision.rule is None else decision.rule.text,
        "remedy": decision.remedy,
        "offers": [rule.text for rule in decision.offers],
    }


def _part(part: PartJudgement) -> JsonValue:
    words: list[JsonValue] = list(part.words)
    return {"words": words, "risk": str(part.risk), "findings": _findings(part.findings)}


def _findings(findings: Iterable[Finding]) -> list[JsonValue]:
    return [
        {
            "check": each.check,
            "risk": str(each.risk),
            "detail": each.detail,
            "meaning": _meaning(each),
            "paths": [str(path) for path in each.paths],
        }
        for each in findings
    ]


def _lines(verdict: Verdict) -> Iterator[str]:
    judgement, decision, policy = verdict.judgement, verdict.decision, verdict.policy
    yield one_line(judgement.line)
    if judgement.structure:
        yield "  the line as a whole"
        yield from _found_lines(judgement.structure)
    for number, part in enumerate(judgement.parts, start=1):
        words = " ".join(part.words) or "(its words are not known)"
        yield f"  {number}. {one_line(words)}"
        yield from _found_lines(part.findings)
        if not part.findings:
            yield "       nothing found"
    yield f"risk      {judgement.risk}"
    confined = "in a sandbox" if policy.is_confined else "without a sandbox"
    yield f"policy    level {policy.level}, {policy.trust} folder, {confined}"
    yield f"decision  {decision.choice}: {decision.reason}"
    if decision.rule is not None:
        yield f"rule      {decision.rule.text}"
    if decision.remedy:
        yield f"to allow  {decision.remedy}"
    for rule in decision.offers:
        yield f"offers    {rule.text}"


def _found_lines(findings: Iterable[Finding]) -> Iterator[str]:
    for each in findings:
        yield f"       {each.risk:6}  {each.check}: {each.detail}"
        if meaning := _meaning(each):
            yield f"               {meaning}"


def _meaning(finding: Finding) -> str:
    check = all_checks().get(finding.check)
    return "" if check is None else check.meaning
