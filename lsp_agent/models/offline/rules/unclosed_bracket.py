"""A bracket of a line that is never closed, where only one place can close it."""

import ast
import re

from lsp_agent.models.offline.problem import NONE, Candidates, Problem, Rule
from lsp_agent.models.offline.source import code_end, source_of
from lsp_agent.models.offline.syntax_repairs import complaint, is_syntax, only_repair
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Span

_NEVER_CLOSED = re.compile(r"'([(\[{])' was never closed")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def _candidates(problem: Problem) -> Candidates:
    found = complaint(problem)
    match = _NEVER_CLOSED.match(found[0]) if found else None
    if found is None or match is None:
        return NONE
    lines = LineIndex(problem.text)
    text, start = lines.line_text(found[1]), lines.line_span(found[1]).start
    closing = _CLOSING[match[1]]
    columns = _places(text[: code_end(text)], closing)
    if len(columns) != 1:
        return NONE
    offset = start + columns[0]
    edit = TextEdit(Span(offset, offset), closing)
    return only_repair(problem, f"Close the bracket with {closing!r}", [edit])


def _places(line: str, closing: str) -> list[int]:
    """Give columns where the bracket makes a statement, one for each meaning."""
    by_meaning: dict[str, int] = {}
    for column in range(1, len(line) + 1):
        meaning = _meaning(line[:column] + closing + line[column:])
        if meaning is not None:
            by_meaning.setdefault(meaning, column)
    return list(by_meaning.values())


def _meaning(line: str) -> str | None:
    """Give the structure of a statement, None if nobody can mean it."""
    text = line.strip()
    if text.endswith(":"):
        text += " pass"
    if text.startswith("elif"):
        text = text[2:]
    source = source_of(text)
    if source is None or len(source.tree.body) != 1:
        return None
    statement = source.tree.body[0]
    value: object = getattr(statement, "value", None)
    if isinstance(value, ast.Tuple) and not source.code(value).startswith("("):
        # `print("a"), b` is Python, but nobody writes it.
        return None
    if isinstance(statement, ast.Expr) and not isinstance(value, ast.Call | ast.Await):
        return None
    return ast.dump(statement)


RULE = Rule(name="unclosed_bracket", applies=is_syntax, candidates=_candidates)
