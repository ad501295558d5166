"""What parameters and type variables can be.

A parameter is what its annotation says; else a variable, which each call decides. Where no call
is at hand, the default and the calls of the function count, if these are few.
"""

from collections.abc import Iterator
from itertools import islice

from mcp_tools.resolution.arguments import matched
from mcp_tools.resolution.asking import Arguments, Asking
from mcp_tools.resolution.decorators import class_of_method
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import (
    Class,
    Instance,
    Values,
    Variable,
    has_variables,
    is_callback,
    union,
)
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import (
    NONE,
    UNKNOWN_TERM,
    Binding,
    BindingKind,
    Op,
    Parameter,
    ParameterKind,
    Role,
    Symbol,
    SymbolKind,
)

MAX_CALLER_FILES = 4
"""If more files than these name a function, only the calls in its own file count."""
MAX_CALLERS = 12
"""If a function is called more often than this, its calls do not count."""
MAX_PLACES = 40
"""Places with the name of a function that are looked at to find its calls."""
_CONSTRUCTORS = ("__init__", "__new__")
_ON_CLASS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


class Parameters:
    """Finds what is known of parameters."""

    def __init__(self, asking: Asking, codebase: CodebaseView) -> None:
        """Look for callers in the code base, but not before the index is whole."""
        self._asking = asking
        self._codebase = codebase
        self._is_complete: bool | None = None

    def of_binding(self, scopes: FileScopes, binding: Binding) -> Values:
        """Give what a parameter can be within its function."""
        facts = scopes.facts
        number = facts.scopes[binding.scope].symbol
        symbol = facts.symbols[number]
        index = next((i for i, p in enumerate(symbol.parameters) if p.term == binding.term), NONE)
        if index == NONE:
            return ()
        parameter = symbol.parameters[index]
        owner = class_of_method(scopes, number) if index == 0 else NONE
        if owner != NONE:
            return self._receiver(scopes, number, owner)
        if parameter.annotation != UNKNOWN_TERM:
            values = self._asking.annotated(scopes.file, parameter.annotation)
            if values and not is_callback(values):
                return self._gathered(parameter, values)
            default = self._asking.values(scopes.file, parameter.default)
            if not values:
                return self._gathered(parameter, default)
        else:
            values = ()
            default = self._asking.values(scopes.file, parameter.default)
        name = facts.names[parameter.name]
        variable = Variable(scopes.file, binding.scope, name, is_type=False)
        return self._gathered(parameter, union(((variable,), default, values)))

    def _gathered(self, parameter: Parameter, values: Values) -> Values:
        if parameter.kind == ParameterKind.VARIADIC:
            return self._asking.instance_of("tuple", values)
        if parameter.kind == ParameterKind.KEYWORDS:
            return self._asking.instance_of("dict", self._asking.instance_of("str"), values)
        return values

    def _receiver(self, scopes: FileScopes, number: int, owner: int) -> Values:
        name = scopes.facts.names[scopes.facts.symbols[number].name]
        plain = Class(scopes.file, owner)
        arguments = tuple((v,) for v in self._asking.type_parameters(plain))
        own = Class(scopes.file, owner, arguments, is_own=True)
        decorators = scopes.decorator_names(number)
        if name in _ON_CLASS or "classmethod" in decorators:
            return (own,)
        return (Instance(own),)

    def bound(self, variable: Variable) -> Values:
        """Give what a type variable stands for where no call decides on it."""
        scopes = self._asking.scopes(variable.file)
        if scopes is None:
            return ()
        found: list[Values] = []
        for row in scopes.bindings(variable.scope, variable.name):
            if row.kind == BindingKind.TYPE_PARAMETER:
                found.append(self._asking.annotated(scopes.file, row.annotation))
            elif scopes.facts.ops[row.value] == Op.CALL:
                found.append(self._bound_in_call(scopes, row.value))
        values = union(found)
        if variable.is_class:
            return tuple(value.of for value in values if isinstance(value, Instance))
        return values

    def _bound_in_call(self, scopes: FileScopes, call: int) -> Values:
        facts = scopes.facts
        found: list[Values] = []
        for term in facts.items(facts.b[call])[1:]:
            if facts.ops[term] != Op.KEYWORD:
                found.append(self._asking.annotated(scopes.file, term))
            elif scopes.name_of(term) == "bound":
                found.append(self._asking.annotated(scopes.file, facts.b[term]))
        return union(found)

    def from_callers(self, variable: Variable) -> Values:
        """Give what the callers of a function pass for a parameter, if these are few."""
        scopes = self._asking.scopes(variable.file)
        if scopes is None:
            return ()
        number = scopes.facts.scopes[variable.scope].symbol
        if number == NONE or scopes.file.startswith("/"):
            return ()
        symbol = scopes.facts.symbols[number]
        if symbol.kind == SymbolKind.LAMBDA:
            return ()
        found: list[Values] = []
        calls = list(islice(self._calls_of(scopes, number), MAX_CALLERS + 1))
        if len(calls) > MAX_CALLERS:
            return ()
        for arguments, n_filled in calls:
            parameters = symbol.parameters[n_filled:]
            for parameter, given in matched(
                self._asking, arguments, parameters, scopes.facts.names
            ):
                if scopes.facts.names[parameter.name] == variable.name:
                    found.append(given())
        values = union(found)
        if has_variables(values):
            values = self._asking.concrete(values)
        return values

    def _calls_of(self, scopes: FileScopes, number: int) -> Iterator[tuple[Arguments, int]]:
        """Give the calls of a function, and how many parameters the receiver fills there."""
        facts = scopes.facts
        symbol = facts.symbols[number]
        owner = class_of_method(scopes, number)
        n_filled = 0 if owner == NONE else 1
        named = symbol
        if owner != NONE and facts.names[symbol.name] in _CONSTRUCTORS:
            named = facts.symbols[owner]
        name = facts.names[named.name]
        target = Target(scopes.file, named.scope, name)
        files = self._files_with(name, scopes.file)
        if sum(self._n_places(file, name) for file in files) > MAX_PLACES:
            return
        for file in files:
            for arguments in self._calls_in(file, target):
                yield arguments, n_filled

    def _n_places(self, file: str, name: str) -> int:
        scopes = self._asking.scopes(file)
        return len(scopes.facts.occurrences(name)) if scopes is not None else 0

    def _files_with(self, name: str, own: str) -> list[str]:
        if self._is_complete is None:
            self._is_complete = self._codebase.state().is_complete
        if not self._is_complete:
            return [own]
        files = self._codebase.files_with(name)
        return list(files) if len(files) <= MAX_CALLER_FILES else [own]

    def _calls_in(self, file: str, target: Target) -> Iterator[Arguments]:
        scopes = self._asking.scopes(file)
        if scopes is None:
            return
        facts = scopes.facts
        for term in facts.occurrences(target.name):
            role = facts.roles[term]
            if role not in (Role.CALL, Role.DECORATOR):
                continue
            if target not in self._asking.targets(file, term):
                continue
            call = scopes.call_of(term)
            if role == Role.CALL and call != UNKNOWN_TERM:
                yield Arguments(file=file, terms=tuple(facts.items(facts.b[call])))
            elif role == Role.DECORATOR:
                yield from self._decorating(scopes, term, call)

    def _decorating(self, scopes: FileScopes, term: int, call: int) -> Iterator[Arguments]:
        """A decorator is called with what it decorates; if called itself, as a call too."""
        if call != UNKNOWN_TERM:
            yield Arguments(file=scopes.file, terms=tuple(scopes.facts.items(scopes.facts.b[call])))
            return
        found = _decorated_symbol(scopes.facts.symbols, term)
        if found != NONE:
            given = self._asking.decorated_below(scopes, found, term)
            yield Arguments(file=scopes.file, values=(given,))


def _decorated_symbol(symbols: tuple[Symbol, ...], term: int) -> int:
    return next((i for i, symbol in enumerate(symbols) if term in symbol.decorators), NONE)
