"""What each kind of expression can be, by what its operands can be."""

from collections.abc import Sequence

from mcp_tools.resolution.annotations import is_plain
from mcp_tools.resolution.asking import Arguments, Asking
from mcp_tools.resolution.calls import Calls
from mcp_tools.resolution.classes import items_of
from mcp_tools.resolution.iteration import Iteration
from mcp_tools.resolution.parameters import Parameters
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.resolution.values import (
    Class,
    Instance,
    Module,
    Super,
    Tuple,
    Value,
    Values,
    Variable,
    is_callback,
    union,
)
from mcp_tools.types.facts import (
    NONE,
    UNKNOWN_TERM,
    Binding,
    BindingKind,
    Collection,
    Op,
    ScopeKind,
    Stored,
)

_CONSTANTS = frozenset({"int", "str", "bytes", "float", "complex", "bool"})


class Expressions:
    """Evaluates terms, one level at a time; the operands are asked for."""

    def __init__(
        self, asking: Asking, calls: Calls, iteration: Iteration, parameters: Parameters
    ) -> None:
        """Share the parts of the evaluation."""
        self._asking = asking
        self._calls = calls
        self._iteration = iteration
        self._parameters = parameters

    def evaluate(self, scopes: FileScopes, term: int) -> Values:
        """Give what a term can be; nothing if that is not known."""
        op = Op(scopes.facts.ops[term])
        match op:
            case Op.NAME:
                return self._name(scopes, term)
            case Op.ATTRIBUTE:
                return self._attribute(scopes, term)
            case Op.CALL:
                return self._call(scopes, term)
            case Op.IMPORTED | Op.MODULE:
                return self._imported(scopes, term)
            case Op.FUNCTION | Op.CLASS:
                return self._defined(scopes, op, term)
            case Op.TUPLE | Op.LIST | Op.SET | Op.DICT | Op.COLLECT | Op.CONSTANT:
                return self._display(scopes, op, term)
            case Op.ELEMENT | Op.ENTER | Op.PART | Op.AWAIT | Op.ITEM:
                return self._taken_apart(scopes, op, term)
            case _:
                return self._combined(scopes, op, term)

    def _operand(self, scopes: FileScopes, term: int) -> Values:
        return self._asking.values(scopes.file, term)

    def _name(self, scopes: FileScopes, term: int) -> Values:
        scope = scopes.scope_of(term)
        if scope == NONE:
            return union(self._target(target) for target in self._asking.targets(scopes.file, term))
        classes = scopes.narrowed_by(scope, term)
        if classes:
            narrowed = self._of_classes(self._operand(scopes, classes[-1]))
            if narrowed:
                return narrowed
        rows = scopes.reaching(scope, term)
        return union(self.of_binding(scopes, row) for row in rows)

    def _target(self, target: Target) -> Values:
        if target.scope == MODULE:
            return (Module(target.file),)
        return self._asking.values_of(target)

    def of_binding(self, scopes: FileScopes, binding: Binding) -> Values:
        """Give what one binding gives to its name."""
        match binding.kind:
            case BindingKind.PARAMETER:
                return self._parameters.of_binding(scopes, binding)
            case BindingKind.AUGMENT:
                return ()
            case BindingKind.TYPE_PARAMETER:
                name = scopes.facts.names[binding.name]
                return (Variable(scopes.file, binding.scope, name, is_type=True),)
            case BindingKind.TYPE_ALIAS:
                annotated = self._asking.annotated(scopes.file, binding.value)
                return tuple(value.of for value in annotated if isinstance(value, Instance))
            case _:
                return self._annotated_or(scopes, binding)

    def of_store(self, scopes: FileScopes, stored: Stored) -> Values:
        """Give what an assignment to an attribute gives to it."""
        return self._annotated_or(scopes, stored)

    def _annotated_or(self, scopes: FileScopes, row: Binding | Stored) -> Values:
        if not is_plain(scopes, row.annotation):
            values = self._asking.annotated(scopes.file, row.annotation)
            if is_callback(values):
                return union((self._operand(scopes, row.value), values))
            if values:
                return values
        elif row.annotation != UNKNOWN_TERM and row.value == UNKNOWN_TERM:
            return ()
        return self._operand(scopes, row.value)

    def _imported(self, scopes: FileScopes, term: int) -> Values:
        targets = self._asking.imports.imported(scopes, term)
        return union(self._target(target) for target in targets)

    def _attribute(self, scopes: FileScopes, term: int) -> Values:
        facts = scopes.facts
        name = scopes.name_of(term)
        base = self._operand(scopes, facts.b[term])
        return union(self._asking.attribute(value, name) for value in base)

    def _call(self, scopes: FileScopes, term: int) -> Values:
        facts = scopes.facts
        callee = facts.a[term]
        items = facts.items(facts.b[term])
        if facts.ops[callee] == Op.NAME:
            match scopes.name_of(callee):
                case "super":
                    return self._super(scopes, callee)
                case "type" if len(items) == 1:
                    return self._type_of(self._operand(scopes, items[0]))
                case "NewType" if len(items) == 2:
                    return self._operand(scopes, items[1])
                case _:
                    pass
        arguments = Arguments(file=scopes.file, terms=tuple(items))
        return self._calls.of_any(self._operand(scopes, callee), arguments)

    @staticmethod
    def _type_of(values: Values) -> Values:
        return tuple(value.of for value in values if isinstance(value, Instance))

    def _super(self, scopes: FileScopes, callee: int) -> Values:
        """`super()` and `super(Class, self)` mean the same wherever the first is written."""
        facts = scopes.facts
        scope = facts.b[callee]
        while scope > 0:
            row = facts.scopes[scope]
            if row.kind == ScopeKind.FUNCTION and scopes.class_around(row.symbol) != NONE:
                break
            scope = row.parent
        if scope <= 0:
            return ()
        function = facts.symbols[facts.scopes[scope].symbol]
        owner = scopes.class_around(facts.scopes[scope].symbol)
        if not function.parameters:
            return ()
        start = Class(scopes.file, owner)
        receivers = self._operand(scopes, function.parameters[0].term)
        return tuple(Super(start, receiver) for receiver in receivers)

    def _defined(self, scopes: FileScopes, op: Op, term: int) -> Values:
        number = scopes.facts.a[term]
        if op == Op.CLASS:
            return (Class(scopes.file, number),)
        return self._asking.decorated_below(scopes, number, UNKNOWN_TERM)

    def _display(self, scopes: FileScopes, op: Op, term: int) -> Values:
        facts = scopes.facts
        a = facts.a[term]
        match op:
            case Op.CONSTANT:
                name = facts.names[a]
                return self._asking.instance_of(name) if name in _CONSTANTS else ()
            case Op.TUPLE:
                items = facts.items(a)
                if any(facts.ops[item] == Op.ELEMENT for item in items):
                    return self._asking.instance_of("tuple", self._any_of(scopes, items))
                return (Tuple(tuple(self._operand(scopes, item) for item in items)),)
            case Op.LIST:
                return self._asking.instance_of("list", self._any_of(scopes, facts.items(a)))
            case Op.SET:
                return self._asking.instance_of("set", self._any_of(scopes, facts.items(a)))
            case Op.DICT:
                return self._dict(scopes, facts.items(a))
            case _:
                return self._collected(scopes, term)

    def _any_of(self, scopes: FileScopes, items: Sequence[int]) -> Values:
        return union(self._operand(scopes, item) for item in items)

    def _dict(self, scopes: FileScopes, items: Sequence[int]) -> Values:
        keys: list[Values] = []
        values: list[Values] = []
        for key, value in zip(items[::2], items[1::2], strict=False):
            found = self._operand(scopes, value)
            if key != UNKNOWN_TERM:
                keys.append(self._operand(scopes, key))
                values.append(found)
                continue
            for one in found:
                if isinstance(one, Instance) and len(one.of.arguments) == 2:
                    keys.append(one.of.arguments[0])
                    values.append(one.of.arguments[1])
        return self._asking.instance_of("dict", union(keys), union(values))

    def _collected(self, scopes: FileScopes, term: int) -> Values:
        facts = scopes.facts
        parts = tuple(self._operand(scopes, item) for item in facts.items(facts.a[term]))
        match facts.b[term]:
            case Collection.LIST:
                return self._asking.instance_of("list", *parts)
            case Collection.SET:
                return self._asking.instance_of("set", *parts)
            case Collection.DICT:
                return self._asking.instance_of("dict", *parts)
            case _:
                return self._asking.instance_of("typing.Generator", *parts)

    def _taken_apart(self, scopes: FileScopes, op: Op, term: int) -> Values:
        facts = scopes.facts
        base = self._operand(scopes, facts.a[term])
        match op:
            case Op.ELEMENT:
                return union(self._asking.elements(value) for value in base)
            case Op.ENTER:
                return union(self._iteration.entered(value) for value in base)
            case Op.PART:
                return union(self._iteration.part(value, facts.b[term]) for value in base)
            case Op.AWAIT:
                return union(self._iteration.awaited(value) for value in base)
            case _:
                return union(self._item(scopes, value, facts.b[term]) for value in base)

    def _item(self, scopes: FileScopes, value: Value, index: int) -> Values:
        match value:
            case Class():
                return self._with_arguments(scopes, value, index)
            case Tuple() if index == UNKNOWN_TERM:
                return (value,)
            case Tuple():
                return union(value.items)
            case Instance() if index == UNKNOWN_TERM:
                return (value,)
            case Instance():
                arguments = Arguments(file=scopes.file, terms=(index,))
                getters = self._asking.attribute(value, "__getitem__")
                return self._calls.of_any(getters, arguments)
            case Variable():
                concrete = self._asking.concrete((value,))
                found = [one for one in concrete if not isinstance(one, Variable)]
                return union(self._item(scopes, one, index) for one in found)
            case _:
                return ()

    def _with_arguments(self, scopes: FileScopes, value: Class, index: int) -> Values:
        """`Class[arguments]`, or an enumeration's member by its name."""
        if not self._asking.type_parameters(value):
            return self._asking.elements(value) or (value,)
        items = items_of(scopes, index)
        arguments = tuple(self._asking.annotated(scopes.file, item) for item in items)
        return (Class(value.file, value.symbol, arguments),)

    def _combined(self, scopes: FileScopes, op: Op, term: int) -> Values:
        facts = scopes.facts
        a, b = facts.a[term], facts.b[term]
        match op:
            case Op.KEYWORD:
                return self._operand(scopes, b)
            case Op.EITHER:
                return self._any_of(scopes, facts.items(a))
            case Op.BINARY:
                return self._binary(self._operand(scopes, a), self._operand(scopes, b))
            case Op.CAUGHT:
                return self._of_classes(self._operand(scopes, a))
            case Op.SUBJECT if a != UNKNOWN_TERM:
                return self._of_classes(self._operand(scopes, a)) or self._operand(scopes, b)
            case Op.SUBJECT:
                return self._operand(scopes, b)
            case _:
                return ()

    def _binary(self, left: Values, right: Values) -> Values:
        """Operators mostly give what their left side is; which operator it is, is not known."""
        if any(isinstance(value, Class) for value in left):
            return union((left, right))
        return left or right

    def _of_classes(self, values: Values) -> Values:
        """Give instances of classes, also of those in tuples and type aliases."""
        found: list[Values] = []
        for value in values:
            if isinstance(value, Class):
                found.append((Instance(value),))
            elif isinstance(value, Tuple):
                found.append(self._of_classes(union(value.items)))
        return union(found)
