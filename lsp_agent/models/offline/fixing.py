"""How a fix goes: read, look, edit, look again, and take back what did not help.

The course is a generator: it yields tool calls, is sent the answers, and returns its last words.
Given the same answers it makes the same calls, so a conversation can be replayed into it.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from lsp_agent.models.offline.editing import applied, are_apart, inverted, replacements
from lsp_agent.models.offline.json_reading import Unreadable
from lsp_agent.models.offline.problem import (
    Candidate,
    Hit,
    Need,
    NeedsSearch,
    Problem,
)
from lsp_agent.models.offline.registry import all_rules
from lsp_agent.models.offline.source import parses
from lsp_agent.models.offline.targets import (
    Target,
    are_gone,
    identify,
    locate,
    shift,
)
from lsp_agent.models.offline.task import Task
from lsp_agent.models.offline.tool_answers import (
    FilePart,
    Report,
    data_of,
    file_part,
    files_found,
    lines_found,
    report,
)
from lsp_agent.models.port import ToolResultBlock
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.json import JsonObject, JsonValue
from mcp_tools.types.text import digest_of

MAX_CALLS = 36
"""Tool calls in one task; fewer than the steps that a turn has, so that there is a report."""

MAX_STARTS = 4
"""How often one task is begun, while a person types into the same file."""

_LAST = frozenset({"I001"})
"""Layout that other fixes change too: looked at when they are done."""

NO_RULE = "no rule fits"
AMBIGUOUS = "several repairs fit equally well"
UNVERIFIED = "no check made here sees it, so a repair could not be verified"
DID_NOT_HELP = "the repair that fits did not pass the check, and was taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The next tool call, with the words to say before it."""

    name: str
    input: JsonObject
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a course ended."""

    words: str
    is_all_fixed: bool


Course: TypeAlias = Generator[Call, ToolResultBlock, Ended]


class Stuck(Exception):
    """The work cannot go on; the text says why."""


class Moved(Stuck):
    """Somebody changed the file meanwhile; the work can begin again with the text of now."""


class _Bench:
    """The file on the bench, and what is known about it."""

    def __init__(self, task: Task, n_calls: int) -> None:
        """Take the task's file, which has not been read yet; `n_calls` were made before."""
        # Checkers of other servers see what only our slow checks see.
        is_foreign = any(one.source not in ("syntax", "ruff", "Ruff") for one in task.diagnostics)
        self.path = task.path
        self.is_deep = task.is_deep or is_foreign
        self.text = ""
        self.reported: tuple[Diagnostic, ...] = ()
        self.facts: dict[Need, tuple[Hit, ...] | None] = {}
        self.n_calls = n_calls


@dataclass(frozen=True, slots=True)
class _Plan:
    target: Target
    candidates: tuple[Candidate, ...]
    """The best first; never empty."""


_Step: TypeAlias = Generator[Call, ToolResultBlock, None]


def fix(task: Task) -> Course:
    """Fix the diagnostics of a task, and tell what was fixed and what was not."""
    targets: list[Target] = []
    stuck, n_calls = "", 0
    for _ in range(MAX_STARTS):
        bench = _Bench(task, n_calls)
        try:
            yield from _open(bench)
            targets = _again(targets, identify(task, bench.text, bench.reported))
            yield from _work(bench, targets)
            stuck = ""
            break
        except Moved as error:
            stuck, n_calls = str(error), bench.n_calls
        except (Stuck, Unreadable) as error:
            stuck = str(error)
            break
    is_all_fixed = not stuck and all(target.is_fixed for target in targets)
    return Ended(words=_summary(targets, stuck), is_all_fixed=is_all_fixed)


def _again(before: Sequence[Target], now: list[Target]) -> list[Target]:
    """Give the targets for another start; what was fixed, and checked, stays fixed."""
    for old, new in zip(before, now, strict=False):
        new.is_fixed = old.is_fixed
    return now


def _open(bench: _Bench) -> _Step:
    """Read the whole file, part by part, and check it."""
    parts: list[FilePart] = []
    while not parts or parts[-1].end_line < parts[-1].total_lines:
        start = parts[-1].end_line + 1 if parts else 1
        call = Call(name="read_file", input={"path": bench.path, "start_line": start})
        bench.n_calls += 1
        part = file_part((yield call))
        if part.total_lines and part.end_line < start:
            raise Stuck("the file could not be read to its end")
        parts.append(part)
    text = "".join(part.text for part in parts)
    if digest_of(text) != parts[-1].digest:
        raise Moved("the file changed while it was read; start again")
    bench.text = text
    bench.reported = (yield from _check(bench, text)).diagnostics


def _check(bench: _Bench, text: str) -> Generator[Call, ToolResultBlock, Report]:
    """Run the checkers over the file, which must hold `text`."""
    bench.n_calls += 1
    answer = yield Call(name="diagnostics", input={"path": bench.path, "deep": bench.is_deep})
    found = report(answer, bench.path)
    if found.digest != digest_of(text):
        raise Moved("the file changed meanwhile; start again")
    return found


def _work(bench: _Bench, targets: Sequence[Target]) -> _Step:
    """Fix one target after another, or many at once as long as that works."""
    is_batching = True
    while any(target.is_open for target in targets):
        locate(targets, bench.reported)
        plans = yield from _plans(bench, targets)
        batch = _compatible(plans) if is_batching else []
        if len(batch) > 1:
            is_batching = yield from _try(bench, targets, batch)
        elif plans:
            yield from _fix_first(bench, targets, plans[0])


def _plans(
    bench: _Bench, targets: Sequence[Target]
) -> Generator[Call, ToolResultBlock, list[_Plan]]:
    """Give a plan for each open target; one without a plan is given up."""
    plans: list[_Plan] = []
    for target in sorted(targets, key=lambda one: one.diagnostic.code in _LAST):
        if not target.is_open:
            continue
        found = yield from _candidates(bench, target)
        if not target.is_seen:
            found = [one for one in found if one.is_proven]
        best = _best_first(bench.text, found)
        if best:
            plans.append(_Plan(target, best))
        else:
            target.reason = AMBIGUOUS if found else NO_RULE if target.is_seen else UNVERIFIED
    return plans


def _candidates(bench: _Bench, target: Target) -> Generator[Call, ToolResultBlock, list[Candidate]]:
    """Ask every rule that applies, and look up what the rules need to know."""
    others = tuple(one for one in bench.reported if one is not target.diagnostic)
    problem = Problem(
        path=bench.path,
        text=bench.text,
        diagnostic=target.diagnostic,
        others=others,
        facts=bench.facts,
    )
    found: list[Candidate] = []
    for rule in all_rules():
        if not rule.applies(problem):
            continue
        answer = rule.candidates(problem)
        while not isinstance(answer, tuple):
            bench.facts[answer] = yield from _look_up(bench, answer)
            answer = rule.candidates(problem)
        found += answer
    return found


def _look_up(bench: _Bench, need: Need) -> Generator[Call, ToolResultBlock, tuple[Hit, ...] | None]:
    _check_limit(bench)
    bench.n_calls += 1
    if isinstance(need, NeedsSearch):
        arguments: JsonObject = {"pattern": need.pattern, "glob": need.glob, "max_results": 200}
        return lines_found((yield Call(name="grep", input=arguments)))
    return files_found((yield Call(name="glob", input={"pattern": need.glob})))


def _best_first(text: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Give one candidate for each degree of evidence, down to a degree with several."""
    best: list[Candidate] = []
    ordered = sorted(candidates, key=lambda one: -one.evidence)
    for _, group in groupby(ordered, key=lambda one: one.evidence):
        by_result = {applied(text, one.edits): one for one in group}
        by_result.pop(text, None)
        if len(by_result) > 1:
            break
        best += by_result.values()
    return tuple(best)


def _compatible(plans: Sequence[_Plan]) -> list[_Plan]:
    """Give the plans whose best candidates do not get in one another's way."""
    chosen: list[_Plan] = []
    for plan in plans:
        if are_apart(_edits([*chosen, plan])):
            chosen.append(plan)
    return chosen


def _edits(plans: Sequence[_Plan]) -> list[TextEdit]:
    """Give all edits of the best candidates, equal ones once."""
    edits = {edit for plan in plans for edit in plan.candidates[0].edits}
    return sorted(edits, key=lambda edit: (edit.span, edit.new_text))


def _fix_first(bench: _Bench, targets: Sequence[Target], plan: _Plan) -> _Step:
    for candidate in plan.candidates:
        if (yield from _try(bench, targets, [replace(plan, candidates=(candidate,))])):
            return
    plan.target.reason = DID_NOT_HELP


def _try(
    bench: _Bench, targets: Sequence[Target], plans: Sequence[_Plan]
) -> Generator[Call, ToolResultBlock, bool]:
    """Make the edits of some plans and check them; take them back unless all is well."""
    edits = _edits(plans)
    text = applied(bench.text, edits)
    if bench.path.endswith((".py", ".pyi")) and not parses(text):
        return False
    _check_limit(bench)
    yield from _edit(bench, edits, _announcement(plans))
    chosen = [plan.target for plan in plans]
    try:
        found = yield from _check(bench, text)
    except (Stuck, Unreadable):
        # What could not be verified must not stay.
        yield from _take_back(bench, text, edits)
        raise
    if not are_gone(chosen, bench.reported, found.diagnostics):
        yield from _take_back(bench, text, edits)
        return False
    shift(targets, edits)
    bench.text, bench.reported = text, found.diagnostics
    for target in chosen:
        target.is_fixed = True
    return True


def _take_back(bench: _Bench, text: str, edits: Sequence[TextEdit]) -> _Step:
    """Undo edits that led to `text`."""
    good_text, bench.text = bench.text, text
    note = "That did not pass the check, so I take it back.\n"
    yield from _edit(bench, inverted(good_text, edits), note)
    bench.text = good_text


def _edit(bench: _Bench, edits: Sequence[TextEdit], note: str) -> _Step:
    """Make edits of the bench's text by the tool.

    Raises: Unreadable, with the tool's words, if the edit was refused.
    """
    bench.n_calls += 1
    items: list[JsonValue] = [
        {"old_string": one.old, "new_string": one.new} for one in replacements(bench.text, edits)
    ]
    arguments: JsonObject = {"path": bench.path, "edits": items}
    data_of((yield Call(name="multi_edit", input=arguments, note=note)))


def _check_limit(bench: _Bench) -> None:
    """Leave room for an edit, its check, and taking it back.

    Raises: Stuck.
    """
    if bench.n_calls + 3 > MAX_CALLS:
        raise Stuck(f"one task makes at most {MAX_CALLS} tool calls; start it again to go on")


def _announcement(plans: Sequence[_Plan]) -> str:
    titles = list(dict.fromkeys(plan.candidates[0].title for plan in plans))
    if len(titles) == 1:
        return f"Trying: {titles[0]}.\n"
    return "Trying:\n" + "".join(f"- {title}\n" for title in titles)


def _summary(targets: Sequence[Target], stuck: str) -> str:
    n_fixed = sum(target.is_fixed for target in targets)
    lines = [f"Fixed {n_fixed} of {len(targets)}." if targets else "Nothing was fixed."]
    left = [target for target in targets if not target.is_fixed]
    lines += [f"- {target.title}: {target.reason or 'not reached'}." for target in left]
    if stuck:
        lines.append(f"Stopped: {stuck}.")
    return "\n".join(lines)
