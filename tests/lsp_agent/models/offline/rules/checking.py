"""Rules over plain text: the place of the problem is marked by `<<` and `>>`."""

import re
from collections.abc import Mapping
from pathlib import Path

from lsp_agent.models.offline.editing import applied
from lsp_agent.models.offline.problem import Candidate, Hit, Need, NeedsFiles, Problem
from lsp_agent.models.offline.registry import all_rules
from mcp_tools.code.globbing import compile_glob
from mcp_tools.types.diagnostics import Diagnostic, SuggestedFix
from mcp_tools.types.text import Span

_MESSAGES = {
    "F821": "Undefined name `{}`",
    "F841": "Local variable `{}` is assigned to but never used",
}


def problem(
    marked: str,
    code: str,
    *,
    path: str = "a.py",
    message: str = "",
    facts: Mapping[Need, tuple[Hit, ...] | None] | None = None,
) -> Problem:
    """Make a problem of a text with a marked place."""
    before, _, rest = marked.partition("<<")
    inner, _, after = rest.partition(">>")
    span = Span(len(before), len(before) + len(inner))
    diagnostic = Diagnostic(
        path=Path(path),
        span=span,
        message=message or _MESSAGES.get(code, code).format(inner),
        source="syntax" if code == "syntax-error" else "ruff",
        code=code,
    )
    return Problem(
        path=path, text=before + inner + after, diagnostic=diagnostic, facts=dict(facts or {})
    )


def with_fix(one: Problem, fix: SuggestedFix) -> Problem:
    """Let the checker offer a fix."""
    old = one.diagnostic
    diagnostic = Diagnostic(
        path=old.path, span=old.span, message=old.message, source="ruff", code=old.code, fix=fix
    )
    return Problem(path=one.path, text=one.text, diagnostic=diagnostic, others=one.others)


def candidates(rule: str, one: Problem, files: Mapping[str, str] | None = None) -> list[Candidate]:
    """Give a rule's candidates; what it asks for is looked up in `files`."""
    found = next(each for each in all_rules() if each.name == rule)
    if not found.applies(one):
        return []
    answer = found.candidates(one)
    facts = dict(one.facts)
    while not isinstance(answer, tuple):
        assert answer not in facts, "the rule asks the same again"
        facts[answer] = _look_up(answer, files or {})
        one = Problem(path=one.path, text=one.text, diagnostic=one.diagnostic, facts=facts)
        answer = found.candidates(one)
    return list(answer)


def check(rule: str, one: Problem, after: str, files: Mapping[str, str] | None = None) -> None:
    """The rule has exactly one candidate, and it leads to `after`."""
    found = candidates(rule, one, files)
    assert [applied(one.text, each.edits) for each in found] == [after]


def refuse(rule: str, one: Problem, files: Mapping[str, str] | None = None) -> None:
    """The rule has nothing to offer."""
    assert candidates(rule, one, files) == []


def _look_up(need: Need, files: Mapping[str, str]) -> tuple[Hit, ...]:
    glob = compile_glob(need.glob)
    paths = [path for path in files if glob.fullmatch(path)]
    if isinstance(need, NeedsFiles):
        return tuple(Hit(path=path) for path in paths)
    return tuple(
        Hit(path=path, text=line)
        for path in paths
        for line in files[path].splitlines()
        if re.search(need.pattern, line)
    )
