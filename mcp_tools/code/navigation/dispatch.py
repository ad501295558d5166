"""Which method a call may reach that is written as a call of another: dynamic dispatch."""

from collections.abc import Iterator

from mcp_tools.code.navigation.file_view import FileView
from mcp_tools.code.navigation.items import binding_of
from mcp_tools.code.navigation.occurrences import all_subclasses, owner_of
from mcp_tools.code.navigation.protocols import Protocols
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, Op, SymbolKind

_MAX_BINDINGS = 20
"""A variable that gets more values than that is not looked into."""
_MEMBER_KINDS = frozenset({SymbolKind.METHOD, SymbolKind.PROPERTY})


class Dispatch:
    """Answers for one query, and remembers what it has found out about classes."""

    def __init__(self, codebase: CodebaseView, resolver: Resolver) -> None:
        """Cheap: nothing is looked at yet."""
        self._codebase = codebase
        self._resolver = resolver
        self._protocols = Protocols(codebase, resolver)
        self._lines: dict[Target, frozenset[Target]] = {}
        self._overrides: dict[Target, tuple[Target, ...]] = {}
        self._subclasses: dict[Target, tuple[Target, ...]] = {}
        self._exact: dict[Target, bool] = {}

    def overrides(self, method: Target) -> tuple[Target, ...]:
        """Give the methods of classes below that take the place of a method, sorted.

        Found by the definitions of the name, of which there are far fewer than classes below. Of a
        protocol with several members these are also the methods of classes that fit it.
        """
        found = self._overrides.get(method)
        if found is None:
            owner = owner_of(self._codebase, self._resolver, method)
            classes = [] if owner is None else list(self._classes_with(method.name))
            found = tuple(sorted(member for cls, member in classes if self._is_below(cls, owner)))
            if owner is not None and self._protocols.is_telling(owner):
                found = tuple(sorted({*found, *self._protocols.implementations(method, owner)}))
            self._overrides[method] = found
        return found

    def overridden(self, method: Target) -> tuple[Target, ...]:
        """Give the methods whose place a method takes: of classes above, and of protocols."""
        owner = owner_of(self._codebase, self._resolver, method)
        promised = () if owner is None else self._protocols.promised(method, owner)
        return tuple(dict.fromkeys((*self._resolver.overridden(method), *promised)))

    def members_below(self, view: FileView, callee: int) -> tuple[Target, ...]:
        """Give what `self.name` may mean in classes below that have the name, if the class has not.

        A mixin is written so: it counts on what stands beside it in its subclasses.
        """
        facts = view.facts
        if facts.ops[callee] != Op.ATTRIBUTE or facts.ops[facts.b[callee]] != Op.NAME:
            return ()
        cls = self._class_of_self(view, facts.b[callee])
        name = view.name(callee)
        if cls is None or not any(True for _ in self._classes_with(name)):
            return ()
        found = {self._resolver.member(below, name) for below in self._all_below(cls)}
        return tuple(sorted(each for each in found if each and self._resolver.is_function(each)))

    def may_lead_below(self, view: FileView, callee: int) -> bool:
        """Tell whether the receiver may be of a class below the one that it is known as.

        It may not for `super().m()`, `Class.m(x)`, `Class().m()` and for a variable or attribute
        that only ever gets `Class()`.
        """
        facts = view.facts
        if facts.ops[callee] != Op.ATTRIBUTE:
            return False
        receiver = facts.b[callee]
        if facts.ops[receiver] == Op.CALL:
            return not self._makes_exactly(view, receiver)
        if facts.ops[receiver] not in (Op.NAME, Op.ATTRIBUTE):
            return True
        targets = self._resolver.resolve(view.file, receiver).targets
        if any(self._resolver.is_class(each) or each.scope == MODULE for each in targets):
            return False
        return not (targets and all(self._only_gets_new(view, each) for each in targets))

    def _classes_with(self, name: str) -> Iterator[tuple[Target, Target]]:
        """Give the classes that define a method of a name, each with the method."""
        for file in self._codebase.files_with(name):
            facts = self._codebase.facts(file)
            number = facts.name_numbers.get(name) if facts else None
            if facts is None or number is None:
                continue
            for row in facts.symbols:
                if row.name == number and row.kind in _MEMBER_KINDS and row.parent != NONE:
                    yield self._resolver.target_of(file, row.parent), Target(file, row.scope, name)

    def _is_below(self, cls: Target, above: Target | None) -> bool:
        line = self._lines.get(cls)
        if line is None:
            line = self._lines[cls] = frozenset(self._resolver.mro(cls))
        return above in line and cls != above

    def _all_below(self, cls: Target) -> tuple[Target, ...]:
        found = self._subclasses.get(cls)
        if found is None:
            found = self._subclasses[cls] = all_subclasses(self._resolver, cls)
        return found

    def _only_gets_new(self, view: FileView, variable: Target) -> bool:
        if variable.file != view.file:
            return False
        found = self._exact.get(variable)
        if found is None:
            found = self._exact[variable] = self._is_only_new(view, variable)
        return found

    def _is_only_new(self, view: FileView, variable: Target) -> bool:
        ops = view.facts.ops
        declarations = self._resolver.declarations(variable)
        if len(declarations) > _MAX_BINDINGS:
            return False
        values = [_bound_value(view, each.term) for each in declarations]
        return bool(values) and all(
            value is not None and ops[value] == Op.CALL and self._makes_exactly(view, value)
            for value in values
        )

    def _makes_exactly(self, view: FileView, call: int) -> bool:
        """Tell whether a call is `Class()` or `super()`."""
        facts = view.facts
        called = facts.a[call]
        if facts.ops[called] == Op.NAME and view.name(called) == "super":
            return True
        if facts.ops[called] not in (Op.NAME, Op.ATTRIBUTE):
            return False
        targets = self._resolver.resolve(view.file, called).targets
        return bool(targets) and all(self._resolver.is_class(each) for each in targets)

    def _class_of_self(self, view: FileView, receiver: int) -> Target | None:
        """Give the class whose method has the receiver as its first parameter."""
        facts = view.facts
        for target in self._resolver.resolve(view.file, receiver).targets:
            if target.file != view.file or target.scope == MODULE:
                continue
            symbol = facts.scopes[target.scope].symbol
            row = facts.symbols[symbol] if symbol != NONE else None
            if row is None or row.parent == NONE or not row.parameters:
                continue
            is_first = facts.names[row.parameters[0].name] == target.name
            if is_first and facts.symbols[row.parent].kind == SymbolKind.CLASS:
                return self._resolver.target_of(view.file, row.parent)
        return None


def _bound_value(view: FileView, term: int) -> int | None:
    binding = binding_of(view, term)
    if binding is not None:
        return binding.value
    return next((row.value for row in view.facts.stored if row.term == term), None)
