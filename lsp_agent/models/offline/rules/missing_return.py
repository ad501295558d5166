"""A function that promises a value, computes it last, and does not return it."""

import ast

from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Problem, Rule
from lsp_agent.models.offline.source import Source, functions_around, parses
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span, newline_of

_NOT_A_RESULT = (ast.Await, ast.Call, ast.Constant, ast.NamedExpr, ast.Yield, ast.YieldFrom)
"""Expressions that a statement may consist of for another reason than its value."""


def _candidates(problem: Problem) -> Candidates:
    source = problem.source
    if source is None:
        return NONE
    around = functions_around(source, problem.diagnostic.span.start)
    if not around or any(isinstance(part, ast.Return) for part in ast.walk(around[-1])):
        return NONE
    node, last = around[-1], around[-1].body[-1]
    if isinstance(last, ast.Expr) and not isinstance(last.value, _NOT_A_RESULT):
        start = source.start(last)
        edit = TextEdit(Span(start, start), "return ")
        title = f"Return the last expression of {node.name!r}"
    else:
        name = _assigned_name(last)
        if name is None or name in _outer_names(node) or last.lineno == node.lineno:
            return NONE
        edit = _return_after(source, last, name)
        title = f"Return {name!r} at the end of {node.name!r}"
    text = problem.text[: edit.span.start] + edit.new_text + problem.text[edit.span.end :]
    return (Candidate(title=title, edits=(edit,)),) if parses(text) else NONE


def _assigned_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return name
        case ast.AugAssign(target=ast.Name(id=name)):
            return name
        case _:
            return None


def _outer_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    declarations = [n for n in ast.walk(node) if isinstance(n, ast.Global | ast.Nonlocal)]
    return {name for declaration in declarations for name in declaration.names}


def _return_after(source: Source, statement: ast.stmt, name: str) -> TextEdit:
    newline = newline_of(source.text)
    position = source.next_line(source.end(statement))
    line = source.indent(source.start(statement)) + f"return {name}" + newline
    is_line_start = source.text[position - 1] in "\r\n"
    return TextEdit(Span(position, position), line if is_line_start else newline + line)


RULE = Rule(
    name="missing_return",
    applies=lambda problem: problem.code == "missing-return",
    candidates=_candidates,
)
