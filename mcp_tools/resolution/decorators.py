"""What a function is after its decorators.

A decorator that gives something callable is believed. One of which nothing is known, or that
gives a `functools.wraps` of the function, leaves the function as it is.
"""

from mcp_tools.resolution.asking import Arguments, Asking
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.values import (
    Callback,
    Class,
    Function,
    Instance,
    Method,
    Partial,
    Value,
    Values,
    Variable,
    Wrapped,
    Wrapper,
    has_variables,
    union,
)
from mcp_tools.types.facts import NONE, Op

_WRAPPERS = {
    "property": Wrapper.PROPERTY,
    "cached_property": Wrapper.PROPERTY,
    "abstractproperty": Wrapper.PROPERTY,
    "classmethod": Wrapper.CLASS_METHOD,
    "abstractclassmethod": Wrapper.CLASS_METHOD,
    "staticmethod": Wrapper.STATIC_METHOD,
    "abstractstaticmethod": Wrapper.STATIC_METHOD,
}
_KEEPING = frozenset({"abstractmethod", "final", "override", "overload", "setter", "deleter"})


class Decorators:
    """Applies decorators."""

    def __init__(self, asking: Asking) -> None:
        """Start with nothing applied."""
        self._asking = asking

    def before(self, scopes: FileScopes, number: int, decorator: int) -> Values:
        """Give what a decorator of a function gets: what those below it have made."""
        symbol = scopes.facts.symbols[number]
        values: Values = (Function(scopes.file, number),)
        for term in reversed(symbol.decorators):
            if term == decorator:
                break
            values = self._apply(scopes, term, values)
        return values

    def _apply(self, scopes: FileScopes, term: int, values: Values) -> Values:
        facts = scopes.facts
        named = facts.a[term] if facts.ops[term] == Op.CALL else term
        name = scopes.name_of(named) if facts.ops[named] in (Op.NAME, Op.ATTRIBUTE) else ""
        if name in _WRAPPERS:
            return tuple(
                Wrapped(_WRAPPERS[name], value) if isinstance(value, Function) else value
                for value in values
            )
        if name in _KEEPING:
            return values
        if name == "wraps" and facts.ops[term] == Op.CALL:
            return self._wrapped(scopes, term) or values
        decorators = self._asking.values(scopes.file, term)
        arguments = Arguments(file="", values=(values,))
        results = union(self._asking.call(one, arguments) for one in decorators)
        believed = tuple(value for value in results if self._is_callable(value))
        return believed or values

    def _wrapped(self, scopes: FileScopes, term: int) -> Values:
        """`@wraps(function)` passes for the function itself."""
        arguments = scopes.facts.items(scopes.facts.b[term])
        return self._asking.values(scopes.file, arguments[0]) if arguments else ()

    def _is_callable(self, value: Value) -> bool:
        match value:
            case Function() | Method() | Class() | Partial() | Wrapped():
                return True
            case Callback():
                return bool(value.result) and not has_variables(value.result)
            case Variable():
                return not value.is_type
            case Instance():
                wanted = ("__call__", "__get__")
                return any(self._asking.find_attribute(value.of, name) for name in wanted)
            case _:
                return False


def class_of_method(scopes: FileScopes, number: int) -> int:
    """Give the class symbol of a function that gets a receiver; NONE for other functions."""
    return NONE if scopes.is_static(number) else scopes.class_around(number)
