"""Bases, resolution order and attributes of classes.

Attributes of a class are what its body binds and what its methods assign to `self`. Where a
method assigns to an attribute that a base has already, it is the attribute of that base.
"""

from collections import Counter
from collections.abc import Sequence

from mcp_tools.resolution.asking import Asking, Lineage
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.special_forms import special_form
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import (
    Class,
    Instance,
    Substitution,
    Variable,
    has_variables,
    substitute,
    type_variables,
)
from mcp_tools.types.facts import NONE, BindingKind, Op, ScopeKind, Symbol

_Key = tuple[str, int]
_MAX_ORDER = 200
"""So many classes are looked at for an attribute."""
_NO_LINEAGE = Lineage(order=(), is_known=False, direct=())
_MAX_LEVELS = 50
"""So many classes may wait for their bases; the bases of a class further up are unknown."""


class Classes:
    """What is known about the classes of one view."""

    def __init__(self, asking: Asking) -> None:
        """Know no class yet."""
        self._asking = asking
        self._lineages: dict[_Key, Lineage] = {}
        self._parameters: dict[_Key, tuple[Variable, ...]] = {}
        self._attributes: dict[tuple[str, int, str], tuple[Class, Target] | None] = {}
        self._metaclasses: dict[_Key, Class | None] = {}
        self._working: set[_Key] = set()

    def lineage(self, of: Class) -> Lineage:
        """Give the bases of a class and its resolution order."""
        key = (of.file, of.symbol)
        found = self._lineages.get(key)
        if found is None:
            if key in self._working or len(self._working) >= _MAX_LEVELS:
                return _NO_LINEAGE
            self._working.add(key)
            try:
                found = self._make_lineage(of)
            finally:
                self._working.discard(key)
            self._lineages[key] = found
        return found

    def _make_lineage(self, of: Class) -> Lineage:
        scopes = self._asking.scopes(of.file)
        if scopes is None:
            return _NO_LINEAGE
        own = Class(of.file, of.symbol, tuple((v,) for v in self.type_parameters(of)))
        direct: list[Class] = []
        is_known = True
        for term in scopes.facts.symbols[of.symbol].bases:
            if scopes.facts.ops[term] in (Op.KEYWORD, Op.STAR):
                continue
            found = self._classes_of_base(scopes, term)
            direct.extend(found)
            is_known = is_known and (bool(found) or self._is_special(scopes, term))
        if not direct and is_known:
            base = self._asking.builtin("object")
            direct = [base] if base is not None and base != Class(of.file, of.symbol) else []
        lines = [self._order_through(base) for base in direct]
        is_known = is_known and all(self.lineage(base).is_known for base in direct)
        order = _merged([*lines, direct])
        if order is None or len(order) > _MAX_ORDER:
            order = _in_depth(lines)[:_MAX_ORDER]
            is_known = False
        return Lineage(order=(own, *order), is_known=is_known, direct=tuple(direct))

    def _classes_of_base(self, scopes: FileScopes, term: int) -> list[Class]:
        if scopes.facts.ops[term] == Op.CALL:
            values = self._asking.values(scopes.file, term)
            return [value for value in values if isinstance(value, Class)]
        values = self._asking.annotated(scopes.file, term)
        return [value.of for value in values if isinstance(value, Instance)]

    def _is_special(self, scopes: FileScopes, term: int) -> bool:
        facts = scopes.facts
        named = facts.b[term] if facts.ops[term] == Op.ITEM else term
        named = facts.a[term] if facts.ops[term] == Op.ITEM else named
        return special_form(self._asking, scopes.file, named) != ""

    def _order_through(self, base: Class) -> list[Class]:
        order = self.lineage(base).order
        if not base.arguments:
            return list(order)
        known = dict(zip(self.type_parameters(base), base.arguments, strict=False))
        return [
            Class(c.file, c.symbol, tuple(substitute(values, known) for values in c.arguments))
            for c in order
        ]

    def type_parameters(self, of: Class) -> tuple[Variable, ...]:
        """Give the type variables of a generic class, in order; none if it is not generic."""
        key = (of.file, of.symbol)
        found = self._parameters.get(key)
        if found is None:
            self._parameters[key] = ()
            found = self._parameters[key] = self._make_parameters(of)
        return found

    def _make_parameters(self, of: Class) -> tuple[Variable, ...]:
        scopes = self._asking.scopes(of.file)
        if scopes is None:
            return ()
        facts = scopes.facts
        symbol = facts.symbols[of.symbol]
        outside = facts.scopes[symbol.inner].parent if symbol.inner != NONE else NONE
        if outside != NONE and facts.scopes[outside].kind == ScopeKind.TYPE_PARAMETERS:
            return tuple(
                Variable(of.file, outside, facts.names[row.name], is_type=True)
                for row in facts.bindings
                if row.scope == outside and row.kind == BindingKind.TYPE_PARAMETER
            )
        return self._parameters_of_bases(scopes, symbol)

    def _parameters_of_bases(self, scopes: FileScopes, symbol: Symbol) -> tuple[Variable, ...]:
        facts = scopes.facts
        all_found: dict[Variable, None] = {}
        for term in symbol.bases:
            if facts.ops[term] != Op.ITEM:
                continue
            found: dict[Variable, None] = {}
            for argument in items_of(scopes, facts.b[term]):
                for variable in type_variables(self._asking.annotated(scopes.file, argument)):
                    found[variable] = None
            if special_form(self._asking, scopes.file, facts.a[term]) in ("Generic", "Protocol"):
                return tuple(found)
            all_found.update(found)
        return tuple(all_found)

    def parameters_of(self, value: Instance | Class, base: Class) -> Substitution:
        """Give what the type parameters of a base are for a value.

        `base` is from the resolution order of the value's class.
        """
        of = value.of if isinstance(value, Instance) else value
        if not base.arguments:
            return {}
        own = dict(zip(self.type_parameters(of), of.arguments, strict=False))
        filled = [substitute(values, own) for values in base.arguments]
        pairs = zip(self.type_parameters(base), filled, strict=False)
        if of.arguments:
            return dict(pairs)
        return {variable: values for variable, values in pairs if not has_variables(values)}

    def find_attribute(self, of: Class, name: str) -> tuple[Class, Target] | None:
        """Give the class that has an attribute, and the attribute; None if none is found."""
        key = (of.file, of.symbol, name)
        if key not in self._attributes:
            order = self.lineage(of).order
            found = self.search(order, name)
            if not self._working:
                self._attributes[key] = found
            return found
        return self._attributes[key]

    def search(self, order: Sequence[Class], name: str) -> tuple[Class, Target] | None:
        """Look for an attribute in classes, in this order."""
        found: tuple[Class, Target] | None = None
        for of in order:
            scopes = self._asking.scopes(of.file)
            if scopes is None:
                continue
            inner = scopes.facts.symbols[of.symbol].inner
            if scopes.is_bound(inner, name):
                if found is None or not _is_function(scopes, inner, name):
                    return of, Target(of.file, inner, name)
                return found
            stored = scopes.stores.get((inner, name)) if scopes.facts.stored else None
            if stored:
                if found is None and any(row.annotation for row in stored):
                    return of, Target(of.file, inner, name)
                found = of, Target(of.file, inner, name)
        return found

    def metaclass(self, of: Class) -> Class | None:
        """Give the metaclass of a class, `type` if none is named."""
        key = (of.file, of.symbol)
        if key not in self._metaclasses:
            self._metaclasses[key] = None
            self._metaclasses[key] = self._find_metaclass(of) or self._asking.builtin("type")
        return self._metaclasses[key]

    def _find_metaclass(self, of: Class) -> Class | None:
        for base in self.lineage(of).order:
            scopes = self._asking.scopes(base.file)
            if scopes is None:
                continue
            for term in scopes.facts.symbols[base.symbol].bases:
                if scopes.facts.ops[term] != Op.KEYWORD or scopes.name_of(term) != "metaclass":
                    continue
                found = self._asking.values(base.file, scopes.facts.b[term])
                classes = [value for value in found if isinstance(value, Class)]
                if classes:
                    return classes[0]
        return None

    def is_below(self, of: Class, module: str, name: str) -> bool:
        """Tell whether a class is, or inherits from, a class of the standard library."""
        file = self._asking.modules.outside(module)
        return any(
            base.file == file and class_name(self._asking, base) == name
            for base in self.lineage(of).order
        )


def class_name(asking: Asking, of: Class | Instance) -> str:
    """Give the name of a class."""
    of = of.of if isinstance(of, Instance) else of
    scopes = asking.scopes(of.file)
    return scopes.facts.names[scopes.facts.symbols[of.symbol].name] if scopes is not None else ""


def items_of(scopes: FileScopes, index: int) -> Sequence[int]:
    """Give the terms of an index: those of a tuple, or the one."""
    facts = scopes.facts
    if facts.ops[index] in (Op.TUPLE, Op.LIST):
        return facts.items(facts.a[index])
    return (index,)


def _is_function(scopes: FileScopes, scope: int, name: str) -> bool:
    return any(row.kind == BindingKind.DEFINE for row in scopes.bindings(scope, name))


def _merged(lines: list[list[Class]]) -> list[Class] | None:
    """Merge by C3; None if there is no consistent order."""
    keys = [[(c.file, c.symbol) for c in line] for line in lines if line]
    lines = [line for line in lines if line]
    n_in_tails = Counter(key for line in keys for key in line[1:])
    heads = [0] * len(lines)
    order: list[Class] = []
    while waiting := [number for number, head in enumerate(heads) if head < len(lines[number])]:
        free = (n for n in waiting if not n_in_tails[keys[n][heads[n]]])
        chosen = next(free, None)
        if chosen is None:
            return None
        key = keys[chosen][heads[chosen]]
        order.append(lines[chosen][heads[chosen]])
        for number in waiting:
            if keys[number][heads[number]] == key:
                heads[number] += 1
                if heads[number] < len(keys[number]):
                    n_in_tails[keys[number][heads[number]]] -= 1
    return order


def _in_depth(lines: list[list[Class]]) -> list[Class]:
    found: dict[_Key, Class] = {}
    for line in lines:
        for of in line:
            found.setdefault((of.file, of.symbol), of)
    return list(found.values())
