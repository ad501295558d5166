"""What a variable can be, by the annotation that is written for it."""

from mcp_tools.resolution.asking import Asking
from mcp_tools.resolution.classes import items_of
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.special_forms import ALIASES, special_form
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import (
    Callback,
    Class,
    Instance,
    Tuple,
    Value,
    Values,
    Variable,
    substitute,
    type_variables,
    union,
)
from mcp_tools.types.facts import UNKNOWN_TERM, BindingKind, Op, ScopeKind

_FIRST_COUNTS = frozenset(
    {"Annotated", "ClassVar", "Final", "NotRequired", "Optional", "ReadOnly", "Required"}
)
_TYPE_VARIABLES = frozenset({"TypeVar"})
_OTHER_VARIABLES = frozenset({"ParamSpec", "TypeVarTuple"})


class Annotations:
    """Reads annotations."""

    def __init__(self, asking: Asking) -> None:
        """Start with nothing read."""
        self._asking = asking

    def read(self, scopes: FileScopes, term: int) -> Values:
        """Give what a variable with this annotation can be; nothing if that is not known."""
        facts = scopes.facts
        match facts.ops[term]:
            case Op.NAME | Op.ATTRIBUTE:
                return self._named(scopes, term)
            case Op.ITEM:
                return self._item(scopes, facts.a[term], facts.b[term])
            case Op.BINARY:
                return union((self._ask(scopes, facts.a[term]), self._ask(scopes, facts.b[term])))
            case Op.EITHER:
                return union(self._ask(scopes, part) for part in facts.items(facts.a[term]))
            case Op.CALL:
                return _instances(self._asking.values(scopes.file, term))
            case Op.STAR:
                return self._ask(scopes, facts.a[term])
            case _:
                return ()

    def _ask(self, scopes: FileScopes, term: int) -> Values:
        return self._asking.annotated(scopes.file, term)

    def _named(self, scopes: FileScopes, term: int) -> Values:
        form = special_form(self._asking, scopes.file, term)
        if form == "Self":
            return self.own_instance(scopes, term)
        if form in ALIASES:
            return self._asking.instance_of(ALIASES[form])
        if form == "Tuple":
            return self._asking.instance_of("tuple")
        if form == "LiteralString":
            return self._asking.instance_of("str")
        if form:
            return ()
        targets = self._asking.targets(scopes.file, term)
        return union(self._of_target(target) for target in targets)

    def own_instance(self, scopes: FileScopes, term: int) -> Values:
        """Give `self` of the class that a term is written in."""
        facts = scopes.facts
        scope = facts.b[term] if facts.ops[term] == Op.NAME else 0
        while scope > 0:
            if facts.scopes[scope].kind == ScopeKind.CLASS:
                return (Instance(Class(scopes.file, facts.scopes[scope].symbol, is_own=True)),)
            scope = facts.scopes[scope].parent
        return ()

    def _of_target(self, target: Target) -> Values:
        scopes = self._asking.scopes(target.file)
        if scopes is None or target.scope < 0:
            return ()
        found: list[Values] = []
        for row in scopes.bindings(target.scope, target.name):
            match row.kind:
                case BindingKind.TYPE_PARAMETER:
                    found.append((Variable(target.file, target.scope, target.name, is_type=True),))
                case BindingKind.ASSIGN | BindingKind.TYPE_ALIAS:
                    found.append(self._alias(scopes, target, row.value))
                case BindingKind.DEFINE | BindingKind.PARAMETER:
                    found.append(_instances(self._asking.values(target.file, row.value)))
                case _:
                    continue
        return union(found)

    def _alias(self, scopes: FileScopes, target: Target, value: int) -> Values:
        facts = scopes.facts
        if facts.ops[value] != Op.CALL:
            return self._ask(scopes, value)
        callee = facts.a[value]
        if facts.ops[callee] in (Op.NAME, Op.ATTRIBUTE):
            name = scopes.name_of(callee)
            if name in _TYPE_VARIABLES:
                return (Variable(target.file, target.scope, target.name, is_type=True),)
            if name in _OTHER_VARIABLES:
                return ()
        return _instances(self._asking.values(target.file, value))

    def _item(self, scopes: FileScopes, base: int, index: int) -> Values:
        form = special_form(self._asking, scopes.file, base)
        items = items_of(scopes, index)
        if form in _FIRST_COUNTS:
            return self._ask(scopes, items[0]) if items else ()
        if form == "Union":
            return union(self._ask(scopes, item) for item in items)
        if form == "Type":
            return _classes(union(self._ask(scopes, item) for item in items))
        if form == "Callable":
            return (Callback(self._ask(scopes, items[-1])),) if items else ()
        if form == "Literal":
            return union(self._literal(scopes, item) for item in items)
        if form == "Tuple":
            return self._tuple(scopes, index)
        if form in ("TypeGuard", "TypeIs"):
            return self._asking.instance_of("bool")
        if form and form not in ALIASES:
            return ()
        found = self._ask(scopes, base)
        variables = type_variables(found)
        if variables:
            arguments = [self._ask(scopes, item) for item in items]
            return substitute(found, dict(zip(variables, arguments, strict=False)))
        return union(self._with_arguments(scopes, value, index) for value in found)

    def _literal(self, scopes: FileScopes, item: int) -> Values:
        return self._asking.values(scopes.file, item)

    def _with_arguments(self, scopes: FileScopes, value: Value, index: int) -> Values:
        if not isinstance(value, Instance):
            return (value,)
        of = value.of
        if Class(of.file, of.symbol) == self._asking.builtin("tuple"):
            return self._tuple(scopes, index)
        arguments = tuple(self._ask(scopes, item) for item in items_of(scopes, index))
        if Class(of.file, of.symbol) == self._asking.builtin("type"):
            return _classes(union(arguments))
        return (Instance(Class(of.file, of.symbol, arguments)),)

    def _tuple(self, scopes: FileScopes, index: int) -> Values:
        """`tuple[X, ...]` has an item of two terms, of which the second says nothing."""
        items = items_of(scopes, index)
        parts = tuple(self._ask(scopes, item) for item in items)
        if len(items) == 2 and scopes.facts.ops[items[1]] in (Op.UNKNOWN, Op.CONSTANT):
            return self._asking.instance_of("tuple", parts[0])
        return (Tuple(parts),)


def _instances(values: Values) -> Values:
    """Give instances of the classes among the values, and the variables."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, Class):
            found.append(Instance(value))
        elif isinstance(value, Variable) and value.is_type:
            found.append(value)
    return tuple(found)


def _classes(values: Values) -> Values:
    """Give the classes whose instances the values are."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, Instance):
            found.append(value.of)
        elif isinstance(value, Variable) and value.is_type:
            found.append(Variable(value.file, value.scope, value.name, is_type=True, is_class=True))
    return tuple(found)


def is_plain(scopes: FileScopes, annotation: int) -> bool:
    """Tell whether an annotation says nothing of the type: none, or a bare `Final`."""
    if annotation == UNKNOWN_TERM:
        return True
    facts = scopes.facts
    is_name = facts.ops[annotation] in (Op.NAME, Op.ATTRIBUTE)
    return is_name and scopes.name_of(annotation) in ("Final", "TypeAlias", "ClassVar")
