"""Names that may stand for a function that has another name.

A value gets to a name by an assignment, as a parameter, or by an import with `as`. The name of a
`def` means what is defined there, and most calls are of such names.
"""

from collections.abc import Iterable

from mcp_tools.types.facts import MODULE_SCOPE, BindingKind, Facts, Op, ScopeKind

_PASSING_ATTRIBUTES = frozenset({"__func__", "__wrapped__", "fget", "func"})
"""Attributes of functions, and of what wraps them, that are functions."""
_GETATTR = "__getattr__"
"""A class that has it may have values under any name."""


class NamesOfValues:
    """The names that get values in a few files: bare ones, and those of attributes."""

    def __init__(self, files: Iterable[Facts]) -> None:
        """Read the bindings of the files."""
        self._bare: set[str] = set()
        self._attributes = set(_PASSING_ATTRIBUTES)
        for facts in files:
            self._read(facts)

    def add(self, name: str) -> None:
        """Add a name of both kinds."""
        self._bare.add(name)
        self._attributes.add(name)

    def may_be_called(self, facts: Facts, callee: int) -> bool:
        """Tell whether a term that is called may be a value; what has no name may be one."""
        match facts.ops[callee]:
            case Op.NAME:
                return facts.names[facts.a[callee]] in self._bare
            case Op.ATTRIBUTE:
                return facts.names[facts.a[callee]] in self._attributes
            case _:
                return True

    def _read(self, facts: Facts) -> None:
        names, scopes = facts.names, facts.scopes
        for row in facts.bindings:
            if row.kind == BindingKind.DEFINE:
                continue
            if row.kind == BindingKind.IMPORT and row.name == facts.a[row.value]:
                continue
            name = names[row.name]
            self._bare.add(name)
            if row.scope == MODULE_SCOPE or scopes[row.scope].kind == ScopeKind.CLASS:
                self._attributes.add(name)
        self._attributes.update(names[facts.a[row.term]] for row in facts.stored)
        if _GETATTR in names:
            self._attributes.update(names)
