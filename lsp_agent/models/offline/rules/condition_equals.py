"""An assignment `=` in a condition that means the comparison `==`."""

import re

from lsp_agent.models.offline.problem import NONE, Candidates, Problem, Rule
from lsp_agent.models.offline.syntax_repairs import complaint, is_syntax, only_repair
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Span

_HEAD = re.compile(r"\s*(if|elif|while|assert|return)\b")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>:+\-*/%&|^@])=(?!=)")


def _candidates(problem: Problem) -> Candidates:
    found = complaint(problem)
    if found is None or "Maybe you meant '=='" not in found[0]:
        return NONE
    lines = LineIndex(problem.text)
    text, start = lines.line_text(found[1]), lines.line_span(found[1]).start
    if not _HEAD.match(text):
        return NONE
    edits = [
        TextEdit(Span(start + match.start(), start + match.end()), "==")
        for match in _SINGLE_EQUALS.finditer(text)
    ]
    return only_repair(problem, "Compare with '==' instead of '='", edits)


RULE = Rule(name="condition_equals", applies=is_syntax, candidates=_candidates)
