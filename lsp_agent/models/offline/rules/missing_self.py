"""An undefined name in a method that lacks its `self`, or `self` itself."""

from lsp_agent.models.offline.classes import (
    Method,
    MethodKind,
    class_names,
    first_parameter,
    instance_names,
    method_at,
)
from lsp_agent.models.offline.names import undefined_name
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Evidence, Problem, Rule
from lsp_agent.models.offline.source import Source
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span


def _candidates(problem: Problem) -> Candidates:
    name, source = undefined_name(problem), problem.source
    if name is None or source is None:
        return NONE
    start = problem.diagnostic.span.start
    method = method_at(source, start)
    if method is None or method.kind is MethodKind.STATIC:
        return NONE
    if name == "self":
        return _add_parameter(source, method)
    first = first_parameter(method.node)
    known = class_names(source, method.owner)
    if method.kind is MethodKind.INSTANCE:
        known |= instance_names(source, method.owner)
    if first not in ("self", "cls") or name not in known:
        return NONE
    edit = TextEdit(Span(start, start), f"{first}.")
    return (Candidate(title=f"Write {first}.{name} for {name!r}", edits=(edit,)),)


def _add_parameter(source: Source, method: Method) -> Candidates:
    node = method.node
    if method.kind is not MethodKind.INSTANCE or node.decorator_list:
        # A decorator may pass other arguments than an instance.
        return NONE
    if first_parameter(node) in ("cls", "self"):
        return NONE
    opening = _opening_parenthesis(source, source.start(node))
    if opening is None:
        return NONE
    rest = source.text[opening + 1 :].lstrip()
    new_text = "self" if rest.startswith(")") else "self, "
    edit = TextEdit(Span(opening + 1, opening + 1), new_text)
    title = f"Add the parameter 'self' to {node.name!r}"
    return (Candidate(title=title, edits=(edit,), evidence=Evidence.CERTAIN),)


def _opening_parenthesis(source: Source, start: int) -> int | None:
    head = source.text[start : source.next_line(start)]
    # Type parameters in brackets come before the parenthesis, and may hold some themselves.
    position = head.find("(")
    return None if position < 0 or "[" in head[:position] else start + position


RULE = Rule(
    name="missing_self",
    applies=lambda problem: undefined_name(problem) is not None,
    candidates=_candidates,
)
