"""From an effect and what was decided about it to the question for a person."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.approvals import Inquiry
from lsp_agent.engine.spelling import one_line, shortened, spelled
from lsp_agent.permissions.decision import Decision
from lsp_agent.permissions.levels import Trust
from lsp_agent.trust.powers import Power
from lsp_agent.trust.store import TrustView
from lsp_agent.trust.telling import MAX_POWERS, WHAT_CHANGES
from mcp_tools.types.calls import CallEffect, EditEffect, Effect
from mcp_tools.types.demands import Fetch, LineRun
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.changes import diff_of

MAX_LINE_CHARS = 4_096
"""So much of a shell line is shown whole: more than the gate would ever let through."""
MAX_DETAIL_CHARS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decides which answers there are."""

    trust: Trust
    view: TrustView | None = None
    """What to show of trust; None not to offer it."""
    is_lasting: bool = True
    """An answer may count beyond the session."""


def inquiry_about(effect: Effect, decision: Decision, root: Path, terms: Terms) -> Inquiry:
    """Give the question about an effect; it reads files where an edit is to be shown."""
    rules = tuple(spelled(rule.text) for rule in decision.offers)
    answers = _answers(rules, terms)
    trusting = () if terms.view is None else _what_trust_changes(terms.view.powers)
    parts = (
        what_happens(effect, root),
        *_reasons(effect, decision),
        *_saving(rules, answers),
        *trusting,
        *_elsewhere(decision, terms),
    )
    return Inquiry(
        question=f"Allow {effect.call.name}? {one_line(decision.reason)}",
        detail="\n".join(parts),
        answers=answers,
        rules=rules,
        trusting=trusting,
        call_id=effect.call.id,
        likeness=_likeness(effect, decision, answers),
    )


def what_happens(effect: Effect, root: Path) -> str:
    """Give what would happen, as it would, for a person to read."""
    if isinstance(effect, EditEffect):
        return _edit(effect, root)
    match effect.demand:
        case LineRun(line=line, cwd=cwd):
            place = "" if cwd in (".", "") else f"\nin the folder {one_line(cwd)}"
            return f"{spelled(shortened(line, MAX_LINE_CHARS))}{place}"
        case Fetch(url=url):
            return one_line(shortened(url, MAX_DETAIL_CHARS))
        case None:
            # As Python writes it, since that shows characters that hide.
            return one_line(shortened(str(effect.call.arguments), MAX_DETAIL_CHARS))


def _edit(effect: EditEffect, root: Path) -> str:
    names = ", ".join(one_line(_name(path, root)) for path in effect.changes.paths)
    heading = shortened(f"{one_line(effect.changes.label)}: {names}", MAX_DETAIL_CHARS)
    if effect.snapshot is None:
        return heading
    try:
        diff = diff_of(effect.changes, effect.snapshot.state, root)
    except ExpectedError as error:
        diff = f"the difference cannot be shown: {error}"
    return f"{heading}\n{spelled(shortened(diff, MAX_DETAIL_CHARS))}"


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if root in path.parents else str(path)


def _reasons(effect: Effect, decision: Decision) -> Iterable[str]:
    """Say why, one line each, where the question has not said it in its one line."""
    is_edit = isinstance(effect, EditEffect)
    if is_edit or len(decision.reasons) > 1:
        yield from (f"Why: {one_line(reason)}" for reason in decision.reasons)


def _saving(rules: Sequence[str], answers: Sequence[AnswerKind]) -> Iterable[str]:
    """Show the rules that an answer would make, before it makes them."""
    if not rules:
        return
    is_saved = AnswerKind.ALWAYS in answers
    yield f"To allow it {'always, or ' if is_saved else ''}in this session, makes this a rule:"
    yield from (f"  {rule}" for rule in rules)


def _elsewhere(decision: Decision, terms: Terms) -> Iterable[str]:
    """Say how the user allows it for good, where an answer cannot."""
    if not terms.is_lasting and decision.remedy:
        yield f"To allow it for good: {one_line(decision.remedy)}"


def _answers(rules: Sequence[str], terms: Terms) -> tuple[AnswerKind, ...]:
    """Give the answers there are; a saved rule does not count in an untrusted folder."""
    answers = [AnswerKind.ONCE]
    if rules:
        answers.append(AnswerKind.SESSION)
        if terms.is_lasting and terms.trust is Trust.TRUSTED:
            answers.append(AnswerKind.ALWAYS)
    if terms.is_lasting and terms.view is not None:
        answers.append(AnswerKind.TRUST)
    return (*answers, AnswerKind.DENY)


def _what_trust_changes(powers: Sequence[Power]) -> tuple[str, ...]:
    named = tuple(
        f"  {power.kind}: {one_line(power.name)}{_problem(power)}" for power in powers[:MAX_POWERS]
    )
    more = (f"  and {len(powers) - MAX_POWERS} more",) if len(powers) > MAX_POWERS else ()
    return (
        f"This folder is not trusted yet. {WHAT_CHANGES}",
        *(("It also switches on what the folder brings:", *named, *more) if powers else ()),
    )


def _problem(power: Power) -> str:
    return f" (stays off: {one_line(power.problem)})" if power.problem else ""


def _likeness(effect: Effect, decision: Decision, answers: Sequence[AnswerKind]) -> str:
    """Give what like questions have in common; edits are each looked at alone."""
    rules = [rule.text for rule in (decision.rule, *decision.offers) if rule is not None]
    if not isinstance(effect, CallEffect) or not rules:
        return ""
    return json.dumps([effect.tool.name, *rules, *map(str, answers)])
