"""Which scope of a file a bare name belongs to."""

from collections.abc import Iterator

from mcp_tools.types.facts import (
    MODULE_SCOPE,
    NONE,
    Binding,
    BindingKind,
    Facts,
    Op,
    ScopeKind,
)


class ScopeTable:
    """The bindings of one file, by scope and name."""

    def __init__(self, facts: Facts) -> None:
        """Sort the bindings of a file."""
        self.facts = facts
        self._bindings: dict[tuple[int, str], list[Binding]] = {}
        for binding in facts.bindings:
            key = (binding.scope, facts.names[binding.name])
            self._bindings.setdefault(key, []).append(binding)

    def bindings(self, scope: int, name: str) -> tuple[Binding, ...]:
        """Give what binds a name in a scope, in the order of the text; `global` is among it."""
        return tuple(self._bindings.get((scope, name), ()))

    def visible(self, scope: int) -> Iterator[int]:
        """Give the scopes where a name that is read in `scope` is looked for, in this order."""
        yield scope
        around = self.facts.scopes[scope].parent
        while around != NONE:
            if self.facts.scopes[around].kind is not ScopeKind.CLASS:
                yield around
            around = self.facts.scopes[around].parent

    def scope_of(self, scope: int, name: str) -> int | None:
        """Give the scope that binds a name for readers in `scope`; None for a builtin, or unknown.

        A star import binds nothing here.
        """
        for around in self.visible(scope):
            kinds = {binding.kind for binding in self.bindings(around, name)}
            if BindingKind.GLOBAL in kinds:
                return MODULE_SCOPE
            if kinds and BindingKind.NONLOCAL not in kinds:
                return around
        return None

    def import_of(self, term: int) -> Binding | None:
        """Give the binding that an `IMPORTED` or `MODULE` makes; None if it makes none."""
        for binding in self.facts.bindings:
            if binding.kind is BindingKind.IMPORT and term in (binding.value, binding.term):
                return binding
        return None

    def names(self, start: int, end: int) -> Iterator[int]:
        """Give the `NAME` terms whose name lies in a part of the text."""
        facts = self.facts
        for term, op in enumerate(facts.ops):
            if op == Op.NAME and facts.roles[term] and start <= facts.starts[term] < end:
                yield term
