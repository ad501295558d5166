"""What loops, `with`, `await` and unpacking get out of a value."""

from mcp_tools.resolution.asking import NO_ARGUMENTS, Asking
from mcp_tools.resolution.classes import Classes
from mcp_tools.resolution.values import (
    Class,
    Instance,
    Tuple,
    Value,
    Values,
    Variable,
    union,
)
from mcp_tools.types.facts import FROM_END

_ITERABLES = ("Iterable", "AsyncIterable")


class Iteration:
    """Takes values apart."""

    def __init__(self, asking: Asking, classes: Classes) -> None:
        """Share the classes of the evaluation."""
        self._asking = asking
        self._classes = classes

    def elements(self, value: Value) -> Values:
        """Give what iterating over a value gives."""
        match value:
            case Tuple():
                return union(value.items)
            case Instance():
                known = self._argument_of(value, _ITERABLES)
                return known or self._by_protocol(value)
            case Class():
                is_enum = self._classes.is_below(value, "enum", "Enum")
                return (Instance(Class(value.file, value.symbol)),) if is_enum else ()
            case Variable():
                found = self._asking.concrete((value,))
                return union(self.elements(v) for v in found if not isinstance(v, Variable))
            case _:
                return ()

    def _by_protocol(self, value: Instance) -> Values:
        for start, step in (("__iter__", "__next__"), ("__aiter__", "__anext__")):
            if self._asking.find_attribute(value.of, start) is None:
                continue
            found: list[Values] = []
            for iterator in self._called(value, start):
                if not isinstance(iterator, Instance):
                    continue
                known = self._argument_of(iterator, _ITERABLES)
                found.append(known or self._awaited(self._called(iterator, step), step))
            return union(found)
        return self._called(value, "__getitem__")

    def _awaited(self, values: Values, step: str) -> Values:
        return union(self.awaited(value) for value in values) if step == "__anext__" else values

    def _called(self, value: Value, name: str) -> Values:
        found = self._asking.attribute(value, name)
        return union(self._asking.call(method, NO_ARGUMENTS) for method in found)

    def _argument_of(self, value: Instance, names: tuple[str, ...]) -> Values:
        """Give the type argument of the first of some bases in `typing` that a value has."""
        typing = self._asking.modules.outside("typing")
        for base in self._asking.lineage(value.of).order:
            if base.file != typing or not base.arguments:
                continue
            scopes = self._asking.scopes(base.file)
            if scopes is None:
                continue
            if scopes.facts.names[scopes.facts.symbols[base.symbol].name] in names:
                known = self._asking.parameters_of(value, base)
                parameters = self._asking.type_parameters(base)
                return known.get(parameters[0], ()) if parameters else ()
        return ()

    def awaited(self, value: Value) -> Values:
        """Give what `await` gives."""
        if not isinstance(value, Instance):
            return ()
        known = self._argument_of(value, ("Awaitable",))
        if known:
            return known
        if self._asking.find_attribute(value.of, "__await__") is None:
            return ()
        return union(self._result(generator) for generator in self._called(value, "__await__"))

    def _result(self, generator: Value) -> Values:
        if isinstance(generator, Instance) and len(generator.of.arguments) == 3:
            return generator.of.arguments[2]
        return ()

    def entered(self, value: Value) -> Values:
        """Give what `with` binds."""
        if not isinstance(value, Instance):
            return ()
        if self._asking.find_attribute(value.of, "__enter__") is not None:
            return self._called(value, "__enter__")
        entered = self._called(value, "__aenter__")
        return union(self.awaited(one) for one in entered)

    def part(self, value: Value, position: int) -> Values:
        """Give one item of a value that is unpacked."""
        if isinstance(value, Tuple):
            index = position
            if position >= FROM_END:
                index = len(value.items) - 1 - (position - FROM_END)
            return value.items[index] if 0 <= index < len(value.items) else ()
        if isinstance(value, Variable):
            found = self._asking.concrete((value,))
            return union(self.part(v, position) for v in found if not isinstance(v, Variable))
        if isinstance(value, Instance) and (items := self.named_items(value)):
            return self.part(items, position)
        return self._asking.elements(value)

    def named_items(self, value: Instance) -> Tuple | None:
        """Give a named tuple as a tuple; None if it is none."""
        scopes = self._asking.scopes(value.of.file)
        if scopes is None or not self._classes.is_below(value.of, "typing", "NamedTuple"):
            return None
        facts = scopes.facts
        inner = facts.symbols[value.of.symbol].inner
        rows = [row for row in facts.bindings if row.scope == inner and row.annotation]
        return Tuple(tuple(self._asking.annotated(scopes.file, row.annotation) for row in rows))
