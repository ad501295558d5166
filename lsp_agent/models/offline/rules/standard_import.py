"""An undefined name that the standard library has."""

from lsp_agent.models.offline.canonical import CANONICAL_HOMES, OFTEN_IMPORTED
from lsp_agent.models.offline.imports import Import, add_import
from lsp_agent.models.offline.names import attribute_asked, is_called, undefined_name
from lsp_agent.models.offline.problem import NONE, Candidate, Candidates, Evidence, Problem, Rule
from lsp_agent.models.offline.stubs import has_name, homes, is_module

_VALUES = frozenset({"argv", "environ", "inf", "pi"})
_CLASSES = frozenset({"chain", "date", "datetime", "defaultdict", "deque", "timedelta", "timezone"})
"""Classes with small letters."""

_SHORTEST = 4
"""A shorter name outside of the table is more often something that was forgotten."""


def _candidates(problem: Problem) -> Candidates:
    name, source = undefined_name(problem), problem.source
    if name is None or source is None:
        return NONE
    wanted = _module_import(problem, name) or _name_import(problem, name)
    if wanted is None:
        return NONE
    found, evidence = wanted
    edit = add_import(source, found)
    return (Candidate(title=f"Add `{found.statement}`", edits=(edit,), evidence=evidence),)


def _module_import(problem: Problem, name: str) -> tuple[Import, Evidence] | None:
    attribute = attribute_asked(problem)
    if attribute is None or not is_module(name):
        return None
    if name in CANONICAL_HOMES and has_name(name, name) and not has_name(name, attribute):
        # `datetime.now()` asks the class, not the module of the same name.
        return None
    module = name
    rest = problem.text[problem.diagnostic.span.end :]
    while attribute is not None and not has_name(module, attribute):
        if not is_module(f"{module}.{attribute}"):
            return None
        module = f"{module}.{attribute}"
        rest = rest[len(attribute) + 1 :]
        attribute = _attribute(rest)
    return Import(module=module), Evidence.CERTAIN


def _attribute(rest: str) -> str | None:
    if not rest.startswith("."):
        return None
    length = 1
    while length < len(rest) and rest[1 : length + 1].isidentifier():
        length += 1
    return rest[1:length] or None


def _name_import(problem: Problem, name: str) -> tuple[Import, Evidence] | None:
    if not _is_used_as_such(problem, name):
        return None
    module = CANONICAL_HOMES.get(name) or _only_home(name)
    if module is None:
        return None
    is_class = name[0].isupper() and not name.isupper()
    is_sure = is_class and name in CANONICAL_HOMES
    evidence = Evidence.CERTAIN if is_sure or _is_decorator(problem) else Evidence.LIKELY
    return Import(module=module, name=name), evidence


def _only_home(name: str) -> str | None:
    modules = homes(name) if len(name) >= _SHORTEST else ()
    return modules[0] if len(modules) == 1 and modules[0] in OFTEN_IMPORTED else None


def _is_used_as_such(problem: Problem, name: str) -> bool:
    """Tell whether the place fits: a class anywhere, a function where it is called."""
    if name[0].isupper() or name in _VALUES or is_called(problem) or _is_decorator(problem):
        return True
    asked = attribute_asked(problem)
    return asked is not None and name in _CLASSES


def _is_decorator(problem: Problem) -> bool:
    return problem.text.endswith("@", 0, problem.diagnostic.span.start)


RULE = Rule(
    name="standard_import",
    applies=lambda problem: undefined_name(problem) is not None,
    candidates=_candidates,
)
