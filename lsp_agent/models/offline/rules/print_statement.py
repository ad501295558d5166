"""The print statements of Python 2, as calls."""

import re

from lsp_agent.models.offline.editing import applied
from lsp_agent.models.offline.problem import (
    NONE,
    Candidate,
    Candidates,
    Evidence,
    Problem,
    Rule,
)
from lsp_agent.models.offline.source import code_end, parses, syntax_error_of
from lsp_agent.models.offline.syntax_repairs import complaint, is_syntax
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Span

_WORDS = "Missing parentheses in call to 'print'"
_PRINT = re.compile(r"\s*print([ \t]+)(?=[^\s>])")
_MAX_STATEMENTS = 200


def _candidates(problem: Problem) -> Candidates:
    found = complaint(problem)
    if found is None or not found[0].startswith(_WORDS):
        return NONE
    edits = _edits(problem.text)
    if not edits or not parses(applied(problem.text, edits)):
        return NONE
    title = "Call print() with parentheses"
    return (Candidate(title=title, edits=tuple(edits), evidence=Evidence.CERTAIN),)


def _edits(text: str) -> list[TextEdit]:
    """Give the edits of every print statement, found one by one as the compiler does.

    The compiler names only the first, but a file that still does not parse is not repaired.
    """
    lines = LineIndex(text)
    edits: list[TextEdit] = []
    for _ in range(_MAX_STATEMENTS):
        error = syntax_error_of(applied(text, edits))
        if error is None or not error.msg.startswith(_WORDS) or error.lineno is None:
            break
        line = error.lineno - 1
        more = _parenthesized(lines.line_text(line), lines.line_span(line).start)
        if not more:
            break
        edits = sorted([*edits, *more], key=lambda edit: edit.span)
    return edits


def _parenthesized(line: str, start: int) -> list[TextEdit]:
    found, end = _PRINT.match(line), code_end(line)
    # A comma at the end keeps Python 2 on the line: there is no short form of that.
    if found is None or line[:end].endswith((",", "\\")) or ";" in line:
        return []
    opening = Span(start + found.start(1), start + found.end(1))
    closing = Span(start + end, start + end)
    return [TextEdit(opening, "("), TextEdit(closing, ")")]


RULE = Rule(name="print_statement", applies=is_syntax, candidates=_candidates)
