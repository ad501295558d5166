"""The head of a block that lacks its colon."""

import re

from lsp_agent.models.offline.problem import NONE, Candidates, Problem, Rule
from lsp_agent.models.offline.source import code_end
from lsp_agent.models.offline.syntax_repairs import complaint, is_syntax, only_repair
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Span

_HEAD = re.compile(
    r"\s*(async\s+)?(case|class|def|elif|else|except|finally|for|if|match|try|while|with)\b|\s*\)"
)
"""The first word of a head, or the last line of one that has several."""


def _candidates(problem: Problem) -> Candidates:
    found = complaint(problem)
    if found is None:
        return NONE
    lines = LineIndex(problem.text)
    edits: list[TextEdit] = []
    # Some heads are only missed at the line that follows.
    for line in (found[1], found[1] - 1):
        if not 0 <= line < lines.n_lines:
            continue
        text = lines.line_text(line)
        end = code_end(text)
        if _HEAD.match(text) and not text[:end].endswith(":"):
            offset = lines.line_span(line).start + end
            edits.append(TextEdit(Span(offset, offset), ":"))
    return only_repair(problem, "Add the missing ':'", edits)


RULE = Rule(name="missing_colon", applies=is_syntax, candidates=_candidates)
