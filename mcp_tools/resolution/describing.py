"""Types in one line, for people and models."""

from mcp_tools.resolution.asking import Asking
from mcp_tools.resolution.classes import class_name
from mcp_tools.resolution.overloads import function_of
from mcp_tools.resolution.values import (
    Class,
    Function,
    Instance,
    Method,
    Module,
    Tuple,
    Value,
    Values,
    Variable,
)

_MAX_DEPTH = 3
_MAX_SHOWN = 4


def describe(asking: Asking, values: Values) -> str:
    """Give the type of values in one line, such as `list[Item] | str`; empty if unknown."""
    return _union(asking, values, 0)


def _union(asking: Asking, values: Values, depth: int) -> str:
    shown = list(dict.fromkeys(filter(None, (_one(asking, value, depth) for value in values))))
    more = ["…"] if len(shown) > _MAX_SHOWN else []
    return " | ".join(shown[:_MAX_SHOWN] + more)


def _one(asking: Asking, value: Value, depth: int) -> str:
    match value:
        case Instance():
            return _class(asking, value.of, depth)
        case Class():
            return f"type[{_class(asking, value, depth)}]"
        case Module():
            return f"module {asking.modules.name_of(value.file)}".rstrip()
        case Tuple():
            return _with(asking, "tuple", value.items, depth)
        case Function() | Method():
            return f"def {_function_name(asking, value)}"
        case Variable():
            return value.name if value.is_type else ""
        case _:
            return ""


def _class(asking: Asking, of: Class, depth: int) -> str:
    return _with(asking, class_name(asking, of), of.arguments, depth)


def _with(asking: Asking, name: str, arguments: tuple[Values, ...], depth: int) -> str:
    if not arguments or depth >= _MAX_DEPTH:
        return name
    parts = [_union(asking, argument, depth + 1) or "?" for argument in arguments]
    return name if all(part == "?" for part in parts) else f"{name}[{', '.join(parts)}]"


def _function_name(asking: Asking, value: Function | Method) -> str:
    function = function_of(value)
    scopes = asking.scopes(function.file) if function is not None else None
    if function is None or scopes is None:
        return ""
    return scopes.facts.names[scopes.facts.symbols[function.symbol].name]
