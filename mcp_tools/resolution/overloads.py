"""Which of several overloads a call means: the first that takes its arguments."""

from mcp_tools.resolution.arguments import Given, is_accepted, keywords_of, matched
from mcp_tools.resolution.asking import Arguments, Asking
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.unification import is_protocol
from mcp_tools.resolution.values import Function, Instance, Method, Value, Values
from mcp_tools.types.facts import UNKNOWN_TERM, Op, Parameter

_MAX_TRIED = 12


def chosen(asking: Asking, callees: Values, arguments: Arguments) -> Values:
    """Leave of the overloads among some callees the one that a call means."""
    if len(callees) < 2:
        return callees
    others: list[Value] = []
    overloads: list[Function | Method] = []
    for callee in callees:
        if isinstance(callee, Function | Method) and is_overload(asking, callee):
            overloads.append(callee)
        else:
            others.append(callee)
    if not overloads:
        return callees
    implementations = {_name_of(asking, overload) for overload in overloads}
    rest = [value for value in others if _name_of(asking, value) not in implementations]
    taken = next(
        (one for one in overloads[:_MAX_TRIED] if _takes(asking, one, arguments)), overloads[0]
    )
    return (taken, *rest)


def function_of(value: Value) -> Function | None:
    """Give the function that a value is, or is bound of."""
    if isinstance(value, Method):
        return value.function
    return value if isinstance(value, Function) else None


def is_overload(asking: Asking, value: Value) -> bool:
    """Tell whether a function is one of several `@overload`s."""
    function = function_of(value)
    scopes = asking.scopes(function.file) if function is not None else None
    if function is None or scopes is None:
        return False
    return "overload" in scopes.decorator_names(function.symbol)


def _name_of(asking: Asking, value: Value) -> tuple[str, int, int]:
    function = function_of(value)
    scopes = asking.scopes(function.file) if function is not None else None
    if function is None or scopes is None:
        return "", 0, 0
    symbol = scopes.facts.symbols[function.symbol]
    return function.file, symbol.scope, symbol.name


def _takes(asking: Asking, value: Function | Method, arguments: Arguments) -> bool:
    function = value.function if isinstance(value, Method) else value
    scopes = asking.scopes(function.file)
    if scopes is None:
        return False
    symbol = scopes.facts.symbols[function.symbol]
    n_filled = 1 if isinstance(value, Method) else 0
    written = asking.scopes(arguments.file) if arguments.terms else None
    keywords = keywords_of(written, arguments) if written is not None else set[str]()
    if written is not None and _has_star(written, arguments):
        return True
    names = scopes.facts.names
    if not is_accepted(symbol, names, arguments, keywords, n_filled):
        return False
    pairs = matched(asking, arguments, symbol.parameters[n_filled:], names)
    return all(_fits(asking, scopes, parameter, given) for parameter, given in pairs)


def _has_star(scopes: FileScopes, arguments: Arguments) -> bool:
    return any(scopes.facts.ops[term] == Op.STAR for term in arguments.terms)


def _fits(asking: Asking, scopes: FileScopes, parameter: Parameter, given: Given) -> bool:
    """Tell whether nothing speaks against an argument."""
    if parameter.annotation == UNKNOWN_TERM:
        return True
    facts = scopes.facts
    if facts.ops[parameter.annotation] == Op.CONSTANT:
        return facts.names[facts.a[parameter.annotation]] != "None" or not given()
    wanted = asking.annotated(scopes.file, parameter.annotation)
    classes = [value.of for value in wanted if isinstance(value, Instance)]
    if not classes or len(classes) < len(wanted):
        return True
    if any(is_protocol(asking, of) for of in classes):
        return True
    values = given()
    instances = [value.of for value in values if isinstance(value, Instance)]
    if len(instances) < len(values) or not instances:
        return not instances
    keys = {(of.file, of.symbol) for of in classes}
    return any((b.file, b.symbol) in keys for of in instances for b in asking.lineage(of).order)
