"""A mutable default value where the checker's own repair does not reach."""

import ast
from typing import TypeAlias

from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Evidence, Problem, Rule
from lsp_agent.models.offline.source import Source
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span, newline_of

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def _candidates(problem: Problem) -> Candidates:
    source = problem.source
    if source is None:
        return NONE
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for parameter, default in _defaults(node):
                if source.span(default) == problem.diagnostic.span:
                    return _create_inside(source, node, parameter, default)
    return NONE


def _defaults(node: _Function) -> list[tuple[ast.arg, ast.expr]]:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    by_place = zip(reversed(positional), reversed(arguments.defaults), strict=False)
    by_name = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [*by_place, *((name, value) for name, value in by_name if value is not None)]


def _create_inside(
    source: Source, node: _Function, parameter: ast.arg, default: ast.expr
) -> Candidates:
    place = _body_start(source, node)
    if place is None:
        return NONE
    span, before, indent, after = place
    step = "\t" if indent.endswith("\t") else "    "
    newline = newline_of(source.text)
    name = parameter.arg
    lines = (f"if {name} is None:", f"{step}{name} = {source.code(default)}")
    new_text = before + newline.join(indent + line for line in lines) + newline + after
    edits = (TextEdit(source.span(default), "None"), TextEdit(span, new_text))
    title = f"Create the default of {name!r} inside {node.name!r}"
    return (Candidate(title=title, edits=edits, evidence=Evidence.FALLBACK),)


def _body_start(source: Source, node: _Function) -> tuple[Span, str, str, str] | None:
    """Give where new lines go, what is before them, their indent, what follows."""
    has_docstring = ast.get_docstring(node, clean=False) is not None
    if has_docstring and len(node.body) == 1:
        return None
    first = node.body[1 if has_docstring else 0]
    start = source.start(first)
    line_start = source.line_start(start)
    if not source.text[line_start:start].strip():
        return Span(line_start, line_start), "", source.text[line_start:start], ""
    if has_docstring:
        return None
    outer = source.indent(source.start(node))
    indent = outer + ("\t" if outer.endswith("\t") else "    ")
    head_end = len(source.text[:start].rstrip(" \t"))
    return Span(head_end, start), newline_of(source.text), indent, indent


RULE = Rule(
    name="mutable_default",
    applies=lambda problem: problem.code == "B006" and problem.diagnostic.fix is None,
    candidates=_candidates,
)
