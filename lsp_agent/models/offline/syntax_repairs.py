"""What the rules for syntax errors share: of several edits, one that parses."""

from collections.abc import Iterable

from lsp_agent.models.offline.editing import applied
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Evidence, Problem
from lsp_agent.models.offline.source import parses, syntax_error_of
from mcp_tools.types.edits import TextEdit


def is_syntax(problem: Problem) -> bool:
    """Tell whether the diagnostic is about the syntax of a Python file."""
    is_python = problem.path.endswith((".py", ".pyi"))
    codes = ("invalid-syntax", "syntax-error", "E999")
    return is_python and (problem.diagnostic.source == "syntax" or problem.code in codes)


def complaint(problem: Problem) -> tuple[str, int] | None:
    """Give the compiler's words and the line, from 0, that it complains about."""
    error = syntax_error_of(problem.text)
    if error is None or error.lineno is None:
        return None
    return error.msg, error.lineno - 1


def only_repair(problem: Problem, title: str, edits: Iterable[TextEdit]) -> Candidates:
    """Give the one edit that makes the file parse, nothing if several do."""
    working = [one for one in dict.fromkeys(edits) if parses(applied(problem.text, [one]))]
    if len(working) != 1:
        return NONE
    return (Candidate(title=title, edits=(working[0],), evidence=Evidence.CERTAIN),)
