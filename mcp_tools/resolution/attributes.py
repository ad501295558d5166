"""Attributes: which variable `value.name` is, and what it can be.

Methods are bound to their receiver, properties and other descriptors give what their getter gives.
"""

from mcp_tools.resolution.asking import NO_ARGUMENTS, Arguments, Asking
from mcp_tools.resolution.classes import Classes
from mcp_tools.resolution.imports import module_target
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import (
    Class,
    Function,
    Instance,
    Method,
    Module,
    Super,
    Tuple,
    Value,
    Values,
    Variable,
    Wrapped,
    Wrapper,
    substitute,
    union,
)


class Attributes:
    """Looks attributes up."""

    def __init__(self, asking: Asking, classes: Classes) -> None:
        """Share the classes of the evaluation."""
        self._asking = asking
        self._classes = classes

    def targets(self, value: Value, name: str) -> tuple[Target, ...]:
        """Give the variables that an attribute of a value is; none if that is not known."""
        match value:
            case Module():
                return self._asking.imports.member(value.file, name)
            case Class() | Instance() | Super():
                found = self._find(value, name)
                return self._followed(found[1]) if found is not None else ()
            case Tuple():
                return self._all_targets(self._asking.instance_of("tuple"), name)
            case Variable():
                return self._all_targets(self._asking.concrete((value,)), name)
            case _:
                return ()

    def _all_targets(self, values: Values, name: str) -> tuple[Target, ...]:
        found: dict[Target, None] = {}
        for value in values:
            if not isinstance(value, Variable):
                found.update(dict.fromkeys(self.targets(value, name)))
        return tuple(found)

    def _followed(self, target: Target) -> tuple[Target, ...]:
        """Follow an import that stands in a class body."""
        return self._asking.imports.origins(target.file, target.scope, target.name) or (target,)

    def _find(self, value: Class | Instance | Super, name: str) -> tuple[Class, Target] | None:
        match value:
            case Instance():
                return self._asking.find_attribute(value.of, name)
            case Class():
                found = self._asking.find_attribute(value, name)
                return found if found is not None else self._of_metaclass(value, name)
            case Super():
                return self._behind(value, name)

    def _of_metaclass(self, of: Class, name: str) -> tuple[Class, Target] | None:
        metaclass = self._classes.metaclass(of)
        if metaclass is None:
            return None
        return self._asking.find_attribute(metaclass, name)

    def _behind(self, value: Super, name: str) -> tuple[Class, Target] | None:
        """Look behind the class in which `super()` is written."""
        order = self._classes.lineage(value.start).order
        return self._classes.search(order[1:], name)

    def values(self, value: Value, name: str) -> Values:
        """Give what an attribute of a value can be."""
        match value:
            case Module():
                found = self._asking.imports.member(value.file, name)
                return union(self.of_target(target) for target in found)
            case Instance() | Class() | Super():
                return self._of_class(value, name)
            case Tuple():
                everything = union(value.items)
                instances = self._asking.instance_of("tuple", everything)
                return union(self._asking.attribute(instance, name) for instance in instances)
            case Variable():
                concrete = self._asking.concrete((value,))
                return union(
                    self._asking.attribute(one, name)
                    for one in concrete
                    if not isinstance(one, Variable)
                )
            case Wrapped():
                return (value.function,) if name in ("fget", "__func__", "__wrapped__") else ()
            case Method():
                return (value.receiver,) if name == "__self__" else ()
            case Function():
                return (value,) if name == "__wrapped__" else ()
            case _:
                return ()

    def of_target(self, target: Target) -> Values:
        """Give what a variable, or a module, can be."""
        if target == module_target(target.file):
            return (Module(target.file),)
        return self._asking.values_of(target)

    def _of_class(self, value: Instance | Class | Super, name: str) -> Values:
        if name == "__class__" and isinstance(value, Instance):
            return (value.of,)
        found = self._find(value, name)
        if found is None:
            return self._by_getattr(value) if isinstance(value, Instance) else ()
        base, target = found
        receiver = value.receiver if isinstance(value, Super) else value
        raw = union(self.of_target(t) for t in self._followed(target))
        if isinstance(value, Instance):
            raw = union((*self._assigned_below(value.of, base, target), raw))
        if isinstance(receiver, Class) and self._is_member(receiver, raw):
            return (Instance(Class(receiver.file, receiver.symbol)),)
        if isinstance(receiver, Instance | Class):
            known = self._asking.parameters_of(receiver, base)
            raw = substitute(raw, known, receiver)
        return union(self._bound(one, receiver) for one in raw) or self._member_of_enum(
            receiver, raw
        )

    def _assigned_below(self, of: Class, base: Class, target: Target) -> list[Values]:
        """Give what methods of the classes before `base` assign to an attribute of it."""
        if (of.file, of.symbol) == (base.file, base.symbol):
            return []
        declared = self._asking.scopes(target.file)
        if declared is None or declared.is_annotated(target.scope, target.name):
            return []
        found: list[Values] = []
        for below in self._classes.lineage(of).order:
            if (below.file, below.symbol) == (base.file, base.symbol):
                break
            scopes = self._asking.scopes(below.file)
            if scopes is None or not scopes.facts.stored:
                continue
            inner = scopes.facts.symbols[below.symbol].inner
            if (inner, target.name) in scopes.stores:
                found.append(self._asking.values_of(Target(below.file, inner, target.name)))
        return found

    def _member_of_enum(self, receiver: Value, raw: Values) -> Values:
        """A member of an enumeration whose value is not known, such as `auto()`."""
        if raw or not isinstance(receiver, Class):
            return ()
        is_enum = self._classes.is_below(receiver, "enum", "Enum")
        return (Instance(Class(receiver.file, receiver.symbol)),) if is_enum else ()

    def _is_member(self, of: Class, raw: Values) -> bool:
        """Tell whether an attribute is a member of an enumeration, by what is assigned to it."""
        if any(isinstance(one, Function | Wrapped | Class) for one in raw):
            return False
        return self._classes.is_below(of, "enum", "Enum") and not of.file.startswith("/")

    def _by_getattr(self, value: Instance) -> Values:
        found = self._asking.find_attribute(value.of, "__getattr__")
        if found is None:
            return ()
        getters = self._asking.attribute(value, "__getattr__")
        return union(self._asking.call(getter, NO_ARGUMENTS) for getter in getters)

    def _bound(self, value: Value, receiver: Value) -> Values:
        """Give what a class hands out for a value in it."""
        match value:
            case Function():
                if isinstance(receiver, Class):
                    return (value,)
                return (Method(value, receiver),)
            case Wrapped():
                return self._unwrapped(value, receiver)
            case Instance():
                return self._described(value, receiver)
            case _:
                return (value,)

    def _unwrapped(self, value: Wrapped, receiver: Value) -> Values:
        match value.wrapper:
            case Wrapper.STATIC_METHOD:
                return (value.function,)
            case Wrapper.CLASS_METHOD:
                of = receiver.of if isinstance(receiver, Instance) else receiver
                return (Method(value.function, of),)
            case Wrapper.PROPERTY:
                if isinstance(receiver, Class):
                    return (value,)
                return self._asking.call(Method(value.function, receiver), NO_ARGUMENTS)

    def _described(self, value: Instance, receiver: Value) -> Values:
        """Give what a descriptor gives, or the value itself if it is none."""
        if value.of.is_own or self._asking.find_attribute(value.of, "__get__") is None:
            return (value,)
        getters = self._asking.attribute(value, "__get__")
        of = receiver.of if isinstance(receiver, Instance) else receiver
        given: tuple[Values, ...] = ((receiver,), (of,))
        if isinstance(receiver, Class):
            given = ((), (of,))
        arguments = Arguments(file="", values=given)
        return union(self._asking.call(getter, arguments) for getter in getters) or (value,)
