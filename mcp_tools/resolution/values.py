"""What an expression can be when the program runs, in an abstract form.

Values are small immutable records; several of them together, `Values`, are a tuple without
repetition and of bounded length. No value at all means that nothing is known. `None` is left
out everywhere, because nothing that a name could mean is found on it.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TypeAlias

import msgspec

MAX_VALUES = 12
"""More values at one place than this are cut: the rest would cost time and tell nothing."""


class Module(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A module."""

    file: str
    """As in `CodebaseView`; a folder with `/` at its end for a namespace package."""


class Class(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A class, maybe with type arguments."""

    file: str
    symbol: int
    arguments: "tuple[Values, ...]" = ()
    is_own: bool = False
    """It is `cls` or `type(self)`: a subclass when called through one."""


class Instance(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """Any instance of a class; `self` if the class `is_own`."""

    of: Class


class Function(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A function or lambda, with what the functions around it were called with."""

    file: str
    symbol: int
    closure: "tuple[tuple[Variable, Values], ...]" = ()


class Method(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A function that has got its first argument."""

    function: Function
    receiver: "Value"


class Wrapper(IntEnum):
    """What a decorator of the standard library makes of a function in a class."""

    PROPERTY = 0
    CLASS_METHOD = 1
    STATIC_METHOD = 2


class Wrapped(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A function that its class hands out in a special way."""

    wrapper: Wrapper
    function: Function


class Tuple(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A tuple whose items are known one by one."""

    items: "tuple[Values, ...]"


class Callback(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """Something of which no more is known than what calling it gives."""

    result: "Values"


class Partial(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """`functools.partial(callee, ...)`."""

    callee: "Values"
    n_filled: int
    """How many positions are filled already."""


class Super(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """`super()`: attributes of the receiver, looked for behind class `start`."""

    start: Class
    receiver: "Value"


class Variable(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """What a call decides: a type variable, or a parameter without annotation."""

    file: str
    scope: int
    name: str
    is_type: bool
    """It is a type variable and stands for an instance of what it is bound to."""
    is_class: bool = False
    """It stands for the class instead: `type[T]`."""


Value: TypeAlias = (
    Module
    | Class
    | Instance
    | Function
    | Method
    | Wrapped
    | Tuple
    | Callback
    | Partial
    | Super
    | Variable
)
Values: TypeAlias = tuple[Value, ...]
Substitution: TypeAlias = Mapping[Variable, Values]

MAX_DEPTH = 5
"""Type arguments nested deeper than this are cut, so that recursive types end."""


def union(parts: Iterable[Values]) -> Values:
    """Put values together, each once, in the order in which they come."""
    seen: dict[Value, None] = {}
    for values in parts:
        for value in values:
            seen[value] = None
    if len(seen) > MAX_VALUES:
        return tuple(seen)[:MAX_VALUES]
    return tuple(seen)


def is_callback(values: Values) -> bool:
    """Tell whether it is only known that the values can be called."""
    return bool(values) and all(isinstance(value, Callback) for value in values)


def is_open(values: Values) -> bool:
    """Tell whether a call decides a part of these values, its receiver included."""
    return any(_is_open(value, 0) for value in values)


def _is_open(value: Value, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    match value:
        case Variable():
            return True
        case Class():
            return value.is_own or _has_open(value.arguments, depth)
        case Instance():
            return value.of.is_own or _has_open(value.of.arguments, depth)
        case Tuple():
            return _has_open(value.items, depth)
        case Callback():
            return _has_open((value.result,), depth)
        case Partial():
            return _has_open((value.callee,), depth)
        case Method():
            return _is_open(value.receiver, depth + 1)
        case Function():
            return bool(value.closure) or depth == 0
        case _:
            return False


def _has_open(groups: tuple[Values, ...], depth: int) -> bool:
    return any(_is_open(value, depth + 1) for values in groups for value in values)


def substitute(values: Values, known: Substitution, receiver: Value | None = None) -> Values:
    """Put in what a call has decided; variables that it has not decided stay.

    `receiver` takes the place of `self` and `cls`.
    """
    if not is_open(values):
        return values
    return union(_Filling(known, receiver).one(value, 0) for value in values)


def has_variables(values: Values) -> bool:
    """Tell whether there are variables among the values, or in their type arguments."""
    return any(_mentions_variable(value, 0) for value in values)


def _mentions_variable(value: Value, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    groups: tuple[Values, ...]
    match value:
        case Variable():
            return True
        case Class():
            groups = value.arguments
        case Instance():
            groups = value.of.arguments
        case Tuple():
            groups = value.items
        case Callback():
            groups = (value.result,)
        case _:
            return False
    return any(_mentions_variable(item, depth + 1) for values in groups for item in values)


def type_variables(values: Values) -> list[Variable]:
    """Give the type variables among values and in their type arguments, in order, each once."""
    found: dict[Variable, None] = {}
    for value in values:
        match value:
            case Variable():
                if value.is_type:
                    found[Variable(value.file, value.scope, value.name, is_type=True)] = None
            case Instance():
                found.update(dict.fromkeys(type_variables(_joined(value.of.arguments))))
            case Tuple():
                found.update(dict.fromkeys(type_variables(_joined(value.items))))
            case Callback():
                found.update(dict.fromkeys(type_variables(value.result)))
            case _:
                continue
    return list(found)


def _joined(groups: tuple[Values, ...]) -> Values:
    return tuple(value for values in groups for value in values)


class _Filling:
    """One substitution, applied through all levels of the values."""

    def __init__(self, known: Substitution, receiver: Value | None) -> None:
        self._known = known
        self._receiver = receiver

    def one(self, value: Value, depth: int) -> Values:
        """Substitute in one value."""
        if depth > MAX_DEPTH:
            return ()
        match value:
            case Variable():
                return self._variable(value)
            case Class():
                return (self._class(value, depth),)
            case Instance():
                return self._instance(value, depth)
            case Tuple():
                return (Tuple(self._groups(value.items, depth)),)
            case Callback():
                return (Callback(self._group(value.result, depth)),)
            case Partial():
                return (Partial(self._group(value.callee, depth), value.n_filled),)
            case Method():
                receivers = self.one(value.receiver, depth + 1)
                return tuple(Method(value.function, receiver) for receiver in receivers[:1])
            case Function():
                return (self._function(value, depth),)
            case _:
                return (value,)

    def _variable(self, variable: Variable) -> Values:
        if not variable.is_class:
            return self._known.get(variable, (variable,))
        plain = Variable(variable.file, variable.scope, variable.name, variable.is_type)
        found = self._known.get(plain)
        if found is None:
            return (variable,)
        return tuple(value.of for value in found if isinstance(value, Instance))

    def _class(self, value: Class, depth: int) -> Class:
        if value.is_own and self._receiver is not None:
            receiver = self._receiver
            if isinstance(receiver, Instance):
                return receiver.of
            if isinstance(receiver, Class):
                return receiver
        if not value.arguments:
            return value
        groups = self._groups(value.arguments, depth)
        return Class(value.file, value.symbol, groups, value.is_own)

    def _instance(self, value: Instance, depth: int) -> Values:
        if value.of.is_own and self._receiver is not None:
            if isinstance(self._receiver, Instance):
                return (self._receiver,)
            if isinstance(self._receiver, Class):
                return (Instance(self._receiver),)
            if isinstance(self._receiver, Tuple):
                return (self._receiver,)
        of = self._class(value.of, depth)
        return (value,) if of is value.of else (Instance(of),)

    def _function(self, value: Function, depth: int) -> Function:
        """Remember what the variables around an inner function are, each but once."""
        known = dict(value.closure)
        for variable, values in self._known.items():
            if not variable.is_type and variable not in known and variable.file == value.file:
                known[variable] = values
        if depth or len(known) == len(value.closure):
            return value
        return Function(value.file, value.symbol, tuple(known.items()))

    def _groups(self, groups: tuple[Values, ...], depth: int) -> tuple[Values, ...]:
        return tuple(self._group(values, depth) for values in groups)

    def _group(self, values: Values, depth: int) -> Values:
        return union(self.one(value, depth + 1) for value in values)
