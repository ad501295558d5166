"""The repair that the checker itself offers."""

from lsp_agent.models.offline.closeness import slip_distance
from lsp_agent.models.offline.names import quoted_names
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Evidence, Problem, Rule

_VERIFIABLE = frozenset(
    {"B006", "E711", "E712", "F401", "F541", "F601", "F632", "F811", "F841", "RUF027"}
)
"""Rules whose unsafe fix is what a person would do, given that the result is checked again."""

_UNUSED = frozenset({"F401", "F811", "F841"})


def _candidates(problem: Problem) -> Candidates:
    fix = problem.diagnostic.fix
    if fix is None or not (fix.is_safe or problem.code in _VERIFIABLE):
        return NONE
    if problem.code in _UNUSED and _is_misspelled_elsewhere(problem):
        return NONE
    evidence = Evidence.CERTAIN if fix.is_safe else Evidence.LIKELY
    return (Candidate(title=fix.title, edits=fix.edits, evidence=evidence),)


def _is_misspelled_elsewhere(problem: Problem) -> bool:
    """Tell whether what seems unused is only spelled wrong where it is used."""
    unused = quoted_names(problem.diagnostic.message)[:1]
    undefined = [
        problem.text[other.span.start : other.span.end]
        for other in problem.others
        if other.code == "F821"
    ]
    return any(
        slip_distance(name, wanted.rpartition(".")[2]) is not None
        for wanted in unused
        for name in undefined
    )


RULE = Rule(
    name="checker_fix",
    applies=lambda problem: problem.diagnostic.fix is not None,
    candidates=_candidates,
)
