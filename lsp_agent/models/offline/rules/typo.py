"""An undefined name that is a slip of the fingers for a name in scope."""

from lsp_agent.models.offline.closeness import closest, is_swap
from lsp_agent.models.offline.names import is_called, undefined_name
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Problem, Rule
from lsp_agent.models.offline.scopes import BUILTINS, all_bound_names, names_in_scope
from mcp_tools.types.edits import TextEdit

_CONSTANTS = frozenset({"None", "True", "False"})


def _candidates(problem: Problem) -> Candidates:
    name, source = undefined_name(problem), problem.source
    if name is None or source is None or name in all_bound_names(source):
        # A name that is bound somewhere is one that the author meant, not a slip.
        return NONE
    span = problem.diagnostic.span
    known = names_in_scope(source, span.start) | _fitting_builtins(problem, name)
    meant = closest(name, known)
    if meant is None:
        return NONE
    title = f"Rename {name!r} to {meant!r}"
    return (Candidate(title=title, edits=(TextEdit(span, meant),)),)


def _fitting_builtins(problem: Problem, name: str) -> frozenset[str]:
    """Give the builtins that could be meant.

    Many builtins are one letter away from a good name (`text` and `next`, `last` and `list`), so
    a function must be called here, and be long enough to be recognized.
    """
    return _CONSTANTS | frozenset(
        other
        for other in BUILTINS
        if is_swap(name, other) or other[0].isupper() or (is_called(problem) and len(other) >= 4)
    )


RULE = Rule(
    name="typo",
    applies=lambda problem: undefined_name(problem) is not None,
    candidates=_candidates,
)
