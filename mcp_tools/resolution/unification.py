"""What type variables are, by laying types of arguments beside those of parameters."""

from mcp_tools.resolution.asking import NO_ARGUMENTS, Asking
from mcp_tools.resolution.values import (
    Callback,
    Class,
    Function,
    Instance,
    Method,
    Partial,
    Tuple,
    Value,
    Values,
    Variable,
    has_variables,
    union,
)
from mcp_tools.types.facts import UNKNOWN_TERM, Op

_MAX_DEPTH = 4
_MAX_PROTOCOL_DEPTH = 2
Known = dict[Variable, Values]


def unify(asking: Asking, pattern: Values, actual: Values, known: Known) -> None:
    """Add to `known` what the variables in a pattern must be so that it covers the values."""
    if actual and has_variables(pattern):
        _unify(asking, pattern, actual, known, 0)


def _unify(asking: Asking, pattern: Values, actual: Values, known: Known, depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    structured = [part for part in pattern if not isinstance(part, Variable)]
    rest = actual
    for part in structured:
        if has_variables((part,)):
            rest = tuple(v for v in actual if not _lay(asking, part, v, known, depth))
        else:
            rest = tuple(v for v in rest if not _is_same(part, v))
    for part in pattern:
        if isinstance(part, Variable):
            values = rest
            if part.is_class:
                part = Variable(part.file, part.scope, part.name, part.is_type)
                values = tuple(Instance(value) for value in rest if isinstance(value, Class))
            if values:
                known[part] = union((known.get(part, ()), values))


def _is_same(part: Value, value: Value) -> bool:
    return (
        isinstance(part, Instance)
        and isinstance(value, Instance)
        and (part.of.file, part.of.symbol) == (value.of.file, value.of.symbol)
    )


def _lay(asking: Asking, part: Value, value: Value, known: Known, depth: int) -> bool:
    """Lay one value beside a pattern; tell whether they are of one shape."""
    match part:
        case Instance():
            return _lay_instance(asking, part.of, value, known, depth)
        case Tuple():
            if isinstance(value, Tuple) and len(value.items) == len(part.items):
                for inner, items in zip(part.items, value.items, strict=True):
                    _unify(asking, inner, items, known, depth + 1)
                return True
        case Callback():
            if isinstance(value, Function | Method | Class | Callback | Partial):
                if has_variables(part.result):
                    result = asking.call(value, NO_ARGUMENTS)
                    _unify(asking, part.result, result, known, depth + 1)
                return True
        case _:
            return False
    return False


def _lay_instance(asking: Asking, of: Class, value: Value, known: Known, depth: int) -> bool:
    if isinstance(value, Tuple):
        everything = asking.instance_of("tuple", union(value.items))
        return any(_lay_instance(asking, of, one, known, depth) for one in everything)
    if not isinstance(value, Instance):
        return False
    base = next(
        (b for b in asking.lineage(value.of).order if (b.file, b.symbol) == (of.file, of.symbol)),
        None,
    )
    if base is None:
        return _lay_protocol(asking, of, value, known, depth)
    own = asking.parameters_of(value, base)
    for parameter, inner in zip(asking.type_parameters(base), of.arguments, strict=False):
        _unify(asking, inner, own.get(parameter, ()), known, depth + 1)
    return True


def _lay_protocol(asking: Asking, of: Class, value: Instance, known: Known, depth: int) -> bool:
    """Lay what the methods of a protocol give beside what those of the value give."""
    if depth >= _MAX_PROTOCOL_DEPTH or not is_protocol(asking, of):
        return False
    scopes = asking.scopes(of.file)
    if scopes is None:
        return False
    parameters = asking.type_parameters(of)
    found: Known = {}
    inner = scopes.facts.symbols[of.symbol].inner
    for symbol in scopes.facts.symbols:
        if symbol.scope == inner and symbol.annotation != UNKNOWN_TERM:
            pattern = asking.annotated(of.file, symbol.annotation)
            given = union(
                asking.call(method, NO_ARGUMENTS)
                for method in asking.attribute(value, scopes.facts.names[symbol.name])
            )
            _unify(asking, pattern, given, found, depth + 1)
    for parameter, pattern in zip(parameters, of.arguments, strict=False):
        _unify(asking, pattern, found.get(parameter, ()), known, depth + 1)
    return bool(found)


def is_protocol(asking: Asking, of: Class) -> bool:
    """Tell whether a class is a protocol, which others match without inheriting from it."""
    scopes = asking.scopes(of.file)
    if scopes is None:
        return False
    facts = scopes.facts
    for term in facts.symbols[of.symbol].bases:
        named = facts.a[term] if facts.ops[term] == Op.ITEM else term
        if facts.ops[named] in (Op.NAME, Op.ATTRIBUTE) and scopes.name_of(named) == "Protocol":
            return True
    return False
