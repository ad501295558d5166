"""Protocols, and the classes that fit one without naming it as a base.

A class fits if it has every member of the protocol, methods with parameters of the same names.
The types of parameters and results are not compared.
Source: PEP 544.
"""

from collections.abc import Iterable, Iterator

from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, BindingKind, Facts, Op, ParameterKind, Symbol, SymbolKind

_PROTOCOL = "Protocol"
_MEMBERS = frozenset({BindingKind.DEFINE, BindingKind.DECLARE, BindingKind.ASSIGN})
_METHODS = frozenset({SymbolKind.METHOD, SymbolKind.PROPERTY})


class Protocols:
    """Answers for one query, and remembers what it has found out about classes."""

    def __init__(self, codebase: CodebaseView, resolver: Resolver) -> None:
        """Cheap: nothing is looked at yet."""
        self._codebase = codebase
        self._resolver = resolver
        self._files: frozenset[str] | None = None
        self._known: dict[Target, frozenset[str] | None] = {}

    def is_telling(self, cls: Target) -> bool:
        """Tell whether a class is a protocol that few classes would fit by chance.

        With one member, such as `run()`, a protocol is fitted by much that has never met it.
        """
        return len(self._members(cls) or ()) > 1

    def implementers(self, protocol: Target) -> tuple[Target, ...]:
        """Give the classes that fit a protocol and do not inherit from it, sorted."""
        members = self._members(protocol)
        methods = [name for name in members or () if self._method(protocol, name) is not None]
        if members is None or not methods:
            return ()
        candidates = {
            cls for name in methods for cls in self._defining(name, self._codebase.files_with(name))
        }
        return tuple(sorted(cls for cls in candidates if self._fits(cls, protocol, members)))

    def implementations(self, method: Target, owner: Target) -> tuple[Target, ...]:
        """Give what a member of a protocol is in the classes that fit it, sorted."""
        found = {self._resolver.member(cls, method.name) for cls in self.implementers(owner)}
        return tuple(sorted(each for each in found if each is not None))

    def promised(self, method: Target, owner: Target) -> tuple[Target, ...]:
        """Give the members of telling protocols whose place a method of a class takes, sorted."""
        files = self._protocol_files().intersection(self._codebase.files_with(method.name))
        found: list[Target] = []
        for protocol in self._defining(method.name, files):
            members = self._members(protocol) or frozenset()
            if self.is_telling(protocol) and self._fits(owner, protocol, members):
                member = self._resolver.member(protocol, method.name)
                found += [member] if member is not None else []
        return tuple(sorted(found))

    def _protocol_files(self) -> frozenset[str]:
        if self._files is None:
            self._files = frozenset(self._codebase.files_with(_PROTOCOL))
        return self._files

    def _defining(self, name: str, files: Iterable[str]) -> Iterator[Target]:
        """Give the classes in these files that define a method of a name."""
        for file in files:
            facts = self._codebase.facts(file)
            number = facts.name_numbers.get(name) if facts is not None else None
            for row in facts.symbols if facts is not None and number is not None else ():
                if row.name == number and row.kind in _METHODS and row.parent != NONE:
                    yield self._resolver.target_of(file, row.parent)

    def _members(self, cls: Target) -> frozenset[str] | None:
        """Give the names of a protocol's members; None for a class that is none."""
        if cls not in self._known:
            self._known[cls] = self._read(cls)
        return self._known[cls]

    def _read(self, cls: Target) -> frozenset[str] | None:
        if cls.file not in self._protocol_files():
            return None
        found = self._class_row(cls)
        if found is None:
            return None
        facts, row = found
        if not any(self._names_protocol(cls.file, facts, base) for base in row.bases):
            return None
        names = {
            facts.names[binding.name]
            for binding in facts.bindings
            if binding.scope == row.inner and binding.kind in _MEMBERS
        }
        for base in self._resolver.bases(cls):
            names |= self._members(base) or frozenset()
        return frozenset(name for name in names if not name.startswith("__"))

    def _names_protocol(self, file: str, facts: Facts, base: int) -> bool:
        named = facts.a[base] if facts.ops[base] == Op.ITEM else base
        if facts.ops[named] not in (Op.NAME, Op.ATTRIBUTE):
            return False
        return facts.names[facts.a[named]] == _PROTOCOL and any(
            target.name == _PROTOCOL and target.file.endswith(".pyi")
            for target in self._resolver.resolve(file, named).targets
        )

    def _fits(self, cls: Target, protocol: Target, members: frozenset[str]) -> bool:
        if cls == protocol or self._members(cls) is not None:
            return False
        if protocol in self._resolver.mro(cls):
            return False
        return all(self._has(cls, protocol, name) for name in members)

    def _has(self, cls: Target, protocol: Target, name: str) -> bool:
        if self._resolver.member(cls, name) is None:
            return False
        promised, own = self._method(protocol, name), self._method(cls, name)
        if promised is None or own is None:
            return True  # An attribute may stand for a property, and be anything.
        return promised == own

    def _method(self, cls: Target, name: str) -> tuple[str, ...] | None:
        """Give the names of a method's parameters, without the first; None if it is no method."""
        member = self._resolver.member(cls, name)
        facts = self._codebase.facts(member.file) if member is not None else None
        if member is None or facts is None:
            return None
        for row in facts.symbols:
            if row.scope == member.scope and facts.names[row.name] == name:
                if row.kind != SymbolKind.METHOD:
                    return None
                return tuple(
                    "" if each.kind == ParameterKind.POSITIONAL_ONLY else facts.names[each.name]
                    for each in row.parameters[1:]
                    if not each.has_default
                )
        return None

    def _class_row(self, cls: Target) -> tuple[Facts, Symbol] | None:
        facts = self._codebase.facts(cls.file)
        for row in facts.symbols if facts is not None else ():
            is_named = row.scope == cls.scope and row.kind == SymbolKind.CLASS
            if facts is not None and is_named and facts.names[row.name] == cls.name:
                return facts, row
        return None
