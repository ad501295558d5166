"""Parameters that must keep one name: those of a method and of its overrides."""

from mcp_tools.code.refactoring.families import class_of, family_of
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE, ParameterKind, ScopeKind

_NAMED = (ParameterKind.NORMAL, ParameterKind.KEYWORD_ONLY)


def parameter_family(codebase: CodebaseView, target: Target) -> tuple[Target, ...]:
    """Give the parameters of the same name in a method and its overrides; sorted.

    Empty if the target is no parameter; alone if it cannot be given by name, if its function is
    no method or a special one such as `__init__`, or if the method overrides one outside of the
    workspace. A method's first parameter is alone too.
    """
    function = function_of(codebase, target)
    if function is None:
        return ()
    method = Resolver(codebase).target_of(target.file, function)
    is_special = method.name.startswith("__") and method.name.endswith("__")
    is_shared = target in _parameters_named(codebase, method, target.name)
    if is_special or not is_shared or class_of(codebase, method) is None:
        return (target,)
    try:
        family = family_of(codebase, method)
    except InvalidEdit:
        # What is outside keeps its parameter; who calls by that name calls it there.
        return (target,)
    found = {target}
    for member in family:
        found |= _parameters_named(codebase, member, target.name)
    return tuple(sorted(found))


def function_of(codebase: CodebaseView, target: Target) -> int | None:
    """Give the function whose parameter a target is, as a number of a symbol; None if none is."""
    facts = codebase.facts(target.file)
    if facts is None or target.scope == MODULE:
        return None
    scope = facts.scopes[target.scope]
    if scope.kind is not ScopeKind.FUNCTION or scope.symbol == NONE:
        return None
    names = {facts.names[p.name] for p in facts.symbols[scope.symbol].parameters}
    return scope.symbol if target.name in names else None


def _parameters_named(codebase: CodebaseView, method: Target, name: str) -> set[Target]:
    facts = codebase.facts(method.file)
    found: set[Target] = set()
    for declaration in Resolver(codebase).declarations(method) if facts else ():
        if facts is None or declaration.symbol == NONE:
            continue
        symbol = facts.symbols[declaration.symbol]
        named = {facts.names[p.name] for p in symbol.parameters[1:] if p.kind in _NAMED}
        if name in named and symbol.inner != NONE:
            found.add(Target(method.file, symbol.inner, name))
    return found
