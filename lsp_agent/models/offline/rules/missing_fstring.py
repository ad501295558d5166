"""A string with `{name}` that lacks its `f`, so that the variable is unused."""

import ast
import io
import re
import string
import tokenize

from lsp_agent.models.offline.names import quoted_names
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Evidence, Problem, Rule
from lsp_agent.models.offline.scopes import BUILTINS, names_in_scope
from lsp_agent.models.offline.source import Source, functions_around, parses
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span

_LITERAL = re.compile(r"[rR]?['\"]")


def _candidates(problem: Problem) -> Candidates:
    source, names = problem.source, quoted_names(problem.diagnostic.message)
    if source is None or not names:
        return NONE
    around = functions_around(source, problem.diagnostic.span.start)
    if not around:
        return NONE
    found = [
        text
        for text in _shown_strings(around[-1])
        if source.start(text) > problem.diagnostic.span.end and _fills_in(source, text, names[0])
    ]
    if len(found) != 1:
        return NONE
    start = source.start(found[0])
    if not parses(f"{problem.text[:start]}f{problem.text[start:]}"):
        return NONE
    title = f"Make the string with {{{names[0]}}} an f-string"
    edit = TextEdit(Span(start, start), "f")
    return (Candidate(title=title, edits=(edit,), evidence=Evidence.CERTAIN),)


def _shown_strings(function: ast.AST) -> list[ast.Constant]:
    """Give strings that are returned, printed or raised: nothing fills them later."""
    found: list[ast.expr] = []
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.Constant() as value):
                found.append(value)
            case ast.Call(func=ast.Name(id="print"), args=arguments):
                found += arguments
            case ast.Raise(exc=ast.Call(args=arguments)):
                found += arguments
            case _:
                pass
    return [n for n in found if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _fills_in(source: Source, text: ast.Constant, name: str) -> bool:
    """Tell whether the string fills in `name`, and nothing that is not in scope."""
    code = source.code(text)
    if not _LITERAL.match(code) or not _is_one_literal(code) or not isinstance(text.value, str):
        return False
    try:
        parsed = list(string.Formatter().parse(text.value))
    except ValueError:
        return False
    fields = [field for _, field, _, _ in parsed if field is not None]
    known = names_in_scope(source, source.start(text)) | BUILTINS
    return name in fields and all(field in known for field in fields)


def _is_one_literal(code: str) -> bool:
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return sum(token.type == tokenize.STRING for token in tokens) == 1


RULE = Rule(
    name="missing_fstring",
    applies=lambda problem: problem.code == "F841",
    candidates=_candidates,
)
