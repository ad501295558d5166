"""What calling something gives.

A declared result counts first, with its type variables filled by the arguments; else the terms
that the function returns or yields. A class gives an instance of itself.
"""

from dataclasses import replace

from mcp_tools.resolution.arguments import Given, known_argument, matched
from mcp_tools.resolution.asking import Arguments, Asking
from mcp_tools.resolution.overloads import chosen
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.unification import Known, unify
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
    is_open,
    substitute,
    union,
)
from mcp_tools.types.facts import NONE, UNKNOWN_TERM, Op, Parameter, Symbol

_WRAPPERS = {
    "property": Wrapper.PROPERTY,
    "classmethod": Wrapper.CLASS_METHOD,
    "staticmethod": Wrapper.STATIC_METHOD,
}


class Calls:
    """Evaluates calls."""

    def __init__(self, asking: Asking) -> None:
        """Start with nothing called."""
        self._asking = asking

    def result(self, callee: Value, arguments: Arguments) -> Values:
        """Give what a call gives; nothing if that is not known."""
        match callee:
            case Function():
                return self._of_function(callee, arguments, None)
            case Method():
                return self._of_function(callee.function, arguments, callee.receiver)
            case Class():
                return self._of_class(callee, arguments)
            case Instance():
                found = self._asking.attribute(callee, "__call__")
                return self.of_any(found, arguments)
            case Callback():
                return callee.result
            case Partial():
                filled = arguments.n_skipped + callee.n_filled
                moved = replace(arguments, n_skipped=filled)
                return self.of_any(callee.callee, moved)
            case Variable():
                concrete = self._asking.concrete((callee,))
                known = tuple(value for value in concrete if not isinstance(value, Variable))
                return self.of_any(known, arguments)
            case Wrapped():
                return self._of_function(callee.function, arguments, None)
            case _:
                return ()

    def of_any(self, callees: Values, arguments: Arguments) -> Values:
        """Give what calling one of several can give; of overloads, the one that fits."""
        return union(
            self._asking.call(callee, arguments)
            for callee in chosen(self._asking, callees, arguments)
        )

    def _of_function(
        self, function: Function, arguments: Arguments, receiver: Value | None
    ) -> Values:
        scopes = self._asking.scopes(function.file)
        if scopes is None:
            return ()
        symbol = scopes.facts.symbols[function.symbol]
        values = self._asking.result_of(function.file, function.symbol)
        if not is_open(values):
            return values
        known: Known = dict(function.closure)
        self._fill_by_receiver(scopes, function.symbol, receiver, known)
        parameters = symbol.parameters
        if receiver is not None and parameters:
            self._fill(scopes, symbol, parameters[0], known_argument((receiver,)), known)
            parameters = parameters[1:]
        if has_variables(values) or _has_function(values):
            for parameter, given in matched(
                self._asking, arguments, parameters, scopes.facts.names
            ):
                self._fill(scopes, symbol, parameter, given, known)
        return substitute(values, known, receiver)

    def _fill_by_receiver(
        self, scopes: FileScopes, number: int, receiver: Value | None, known: Known
    ) -> None:
        if not isinstance(receiver, Instance | Class):
            return
        owner = scopes.class_around(number)
        of = receiver.of if isinstance(receiver, Instance) else receiver
        for base in self._asking.lineage(of).order if owner != NONE else ():
            if (base.file, base.symbol) == (scopes.file, owner):
                known.update(self._asking.parameters_of(receiver, base))
                return

    def _fill(
        self, scopes: FileScopes, symbol: Symbol, parameter: Parameter, given: Given, known: Known
    ) -> None:
        """Note what an argument says about the variables of a function."""
        if parameter.annotation != UNKNOWN_TERM:
            pattern = self._asking.annotated(scopes.file, parameter.annotation)
            if has_variables(pattern):
                unify(self._asking, pattern, given(), known)
        elif values := given():
            name = scopes.facts.names[parameter.name]
            variable = Variable(scopes.file, symbol.inner, name, is_type=False)
            known[variable] = union((known.get(variable, ()), values))

    def inferred(self, scopes: FileScopes, number: int) -> Values:
        """Give what a function gives, before a call decides on its variables."""
        facts = scopes.facts
        symbol = facts.symbols[number]
        file = scopes.file
        is_generator = bool(symbol.yielded)
        if symbol.annotation != UNKNOWN_TERM:
            values = self._asking.annotated(file, symbol.annotation)
        elif is_generator:
            yielded = union(self._asking.values(file, term) for term in symbol.yielded)
            kind = "typing.AsyncGenerator" if symbol.is_async else "typing.Generator"
            return self._asking.instance_of(kind, yielded)
        else:
            values = union(self._asking.values(file, term) for term in symbol.returned)
        if symbol.is_async and not is_generator:
            return self._asking.instance_of("typing.Coroutine", (), (), values)
        return values

    def _of_class(self, of: Class, arguments: Arguments) -> Values:
        name = self._builtin_name(of)
        if name in _WRAPPERS or name in ("partial", "partialmethod"):
            return self._wrapped(name, arguments) or (Instance(of),)
        if of.arguments or of.is_own:
            return (Instance(of),)
        parameters = self._asking.type_parameters(of)
        if not parameters:
            return (Instance(of),)
        known: Known = {}
        for maker in ("__new__", "__init__"):
            found = self._asking.find_attribute(of, maker)
            if found is None or found[0] == self._asking.builtin("object"):
                continue
            makers = self._asking.values_of(found[1])
            given = self._made_by(of, found[0], makers, arguments, known)
            if given:
                return given
        if not known:
            return (Instance(of),)
        return (Instance(Class(of.file, of.symbol, tuple(known.get(p, ()) for p in parameters))),)

    def _made_by(
        self, of: Class, base: Class, makers: Values, arguments: Arguments, known: Known
    ) -> Values:
        """Learn type arguments from a constructor; give what it says that it makes."""
        bound = tuple(
            Method(one.function if isinstance(one, Wrapped) else one, of)
            for one in makers
            if isinstance(one, Function | Wrapped)
        )
        given: Values = ()
        for maker in chosen(self._asking, bound, arguments):
            if not isinstance(maker, Method):
                continue
            scopes = self._asking.scopes(maker.function.file)
            if scopes is None:
                continue
            symbol = scopes.facts.symbols[maker.function.symbol]
            own: Known = {}
            rest = symbol.parameters[1:]
            for parameter, each in matched(self._asking, arguments, rest, scopes.facts.names):
                self._fill(scopes, symbol, parameter, each, own)
            if symbol.annotation != UNKNOWN_TERM:
                declared = self._asking.annotated(scopes.file, symbol.annotation)
                plain = tuple(v for v in declared if isinstance(v, Instance) and not v.of.is_own)
                given = union((given, substitute(plain, own, of)))
            self._to_own(of, base, own, known)
        return given

    def _to_own(self, of: Class, base: Class, found: Known, known: Known) -> None:
        """Turn what the type variables of a base are into what those of the class are."""
        own = Instance(
            Class(of.file, of.symbol, tuple((p,) for p in self._asking.type_parameters(of)))
        )
        line = next(
            (
                b
                for b in self._asking.lineage(of).order
                if (b.file, b.symbol) == (base.file, base.symbol)
            ),
            None,
        )
        if line is None:
            return
        for parameter, inner in zip(
            self._asking.type_parameters(line), line.arguments, strict=False
        ):
            if parameter in found:
                unify(self._asking, inner, found[parameter], known)
        for (variable,) in own.of.arguments:
            if isinstance(variable, Variable) and variable in found:
                known.setdefault(variable, found[variable])

    def _builtin_name(self, of: Class) -> str:
        if not of.file.startswith("/"):
            return ""
        modules = self._asking.modules
        if of.file not in (modules.outside("builtins"), modules.outside("functools")):
            return ""
        scopes = self._asking.scopes(of.file)
        return scopes.facts.names[scopes.facts.symbols[of.symbol].name] if scopes else ""

    def _wrapped(self, name: str, arguments: Arguments) -> Values:
        first = next(iter(self._positional(arguments)), ())
        if name in _WRAPPERS:
            functions = [value for value in first if isinstance(value, Function)]
            return tuple(Wrapped(_WRAPPERS[name], function) for function in functions)
        if not first:
            return ()
        scopes = self._asking.scopes(arguments.file)
        n_positional = arguments.n_positional
        if scopes is not None and arguments.terms:
            n_positional = sum(1 for _ in self._positional(arguments))
        return (Partial(first, n_positional - 1),)

    def _positional(self, arguments: Arguments) -> list[Values]:
        scopes = self._asking.scopes(arguments.file) if arguments.terms else None
        if scopes is None:
            return list(arguments.values)
        facts = scopes.facts
        return [
            self._asking.values(arguments.file, term)
            for term in arguments.terms
            if facts.ops[term] not in (Op.KEYWORD, Op.STAR)
        ]


def _has_function(values: Values) -> bool:
    return any(isinstance(value, Function | Method | Partial) for value in values)
