"""An attribute that its class does not have, but for one slip of the fingers.

Our own deep check names the right one. Where only an editor's type checker has seen the problem,
its message names the class; that is enough for builtin classes and for classes of the same file.
"""

import ast
import builtins
import re

from lsp_agent.models.offline.classes import class_names, instance_names
from lsp_agent.models.offline.closeness import closest
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Problem, Rule
from lsp_agent.models.offline.source import Source
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span

_OWN_CODE = "unknown-attribute"
_OWN = re.compile(r"Unknown attribute '(?P<name>\w+)' of .*did you mean '(?P<meant>\w+)'")
_FOREIGN = (
    # Pyright, mypy and ty, in this order.
    re.compile(
        r'Cannot access (?:attribute|member) "(?P<name>\w+)" for (?:class|type) "(?P<of>\w+)'
    ),
    re.compile(
        r'"(?P<of>\w+)(?:\[.*\])?" has no attribute "(?P<name>\w+)"(?:; maybe "(?P<meant>\w+)"\?)?'
    ),
    re.compile(r"[Oo]bject of type `(?P<of>\w+)(?:\[.*\])?` has no attribute `(?P<name>\w+)`"),
)


def _candidates(problem: Problem) -> Candidates:
    message = problem.diagnostic.message
    if problem.code == _OWN_CODE:
        found = _OWN.search(message)
        return _rename(problem, found["name"], found["meant"], is_proven=False) if found else NONE
    found = next((match for p in _FOREIGN if (match := p.search(message))), None)
    known = _attributes(problem.source, found["of"]) if found else frozenset[str]()
    if found is None or found["name"] in known:
        return NONE
    meant = found.groupdict().get("meant") or closest(found["name"], known)
    if meant is None or meant not in known:
        return NONE
    return _rename(problem, found["name"], meant, is_proven=True)


def _rename(problem: Problem, name: str, meant: str, *, is_proven: bool) -> Candidates:
    marked, end = problem.marked, problem.diagnostic.span.end
    if marked != name and not marked.endswith(f".{name}"):
        return NONE
    edit = TextEdit(Span(end - len(name), end), meant)
    title = f"Rename the attribute {name!r} to {meant!r}"
    return (Candidate(title=title, edits=(edit,), is_proven=is_proven),)


def _attributes(source: Source | None, class_name: str) -> frozenset[str]:
    """Give all attributes of a class; nothing if they cannot be known for sure."""
    own = _own_class(source, class_name)
    if source is not None and own is not None:
        is_whole = not own.keywords and not own.decorator_list and not own.bases
        names = class_names(source, own) | instance_names(source, own)
        return names if is_whole and "__getattr__" not in names else frozenset()
    known: object = getattr(builtins, class_name, None)
    if not isinstance(known, type):
        return frozenset()
    return frozenset(name for name in dir(known) if not name.startswith("_"))


def _own_class(source: Source | None, name: str) -> ast.ClassDef | None:
    body = source.tree.body if source is not None else []
    return next((n for n in body if isinstance(n, ast.ClassDef) and n.name == name), None)


RULE = Rule(
    name="unknown_attribute",
    applies=lambda problem: "ttribute" in problem.diagnostic.message or problem.code == _OWN_CODE,
    candidates=_candidates,
)
