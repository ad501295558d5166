"""Names within one file: which scope a bare name belongs to, and what binds it there.

Everything here follows from the facts of the one file, and is worked out at its first use.
"""

import bisect
from collections.abc import Sequence
from functools import cached_property

from mcp_tools.types.facts import (
    MODULE_SCOPE,
    NONE,
    UNKNOWN_TERM,
    Binding,
    BindingKind,
    Facts,
    Op,
    ScopeKind,
    Stored,
    Symbol,
    SymbolKind,
)

_ELSEWHERE = frozenset({BindingKind.GLOBAL, BindingKind.NONLOCAL})
_NO_VALUE = frozenset({BindingKind.DELETE, BindingKind.GLOBAL, BindingKind.NONLOCAL})
_RENAMING = frozenset({BindingKind.IMPORT, BindingKind.ASSIGN})
_INNER = frozenset({ScopeKind.FUNCTION, ScopeKind.LAMBDA, ScopeKind.COMPREHENSION})

_MANY = 20
"""Bindings of one name in one scope, of which only the nearest are looked at."""


class FileScopes:
    """The scopes of one file, with its facts."""

    def __init__(self, file: str, facts: Facts) -> None:
        """Keep the facts; nothing is looked at yet."""
        self.file = file
        self.facts = facts
        self._found: dict[tuple[int, int], int] = {}
        self._many: dict[tuple[int, int], list[Binding]] = {}
        """Long results of `bindings`, by scope and name."""

    def name_of(self, term: int) -> str:
        """Give the name that an occurrence shows."""
        return self.facts.names[self.facts.a[term]]

    @cached_property
    def _last(self) -> dict[int, int]:
        """The last binding of each name in each scope, by a key of both."""
        n_names = len(self.facts.names)
        rows = self.facts.bindings
        return {row.scope * n_names + row.name: number for number, row in enumerate(rows)}

    @cached_property
    def _several(self) -> dict[int, list[int]]:
        """All bindings of the names that have several in a scope."""
        last, n_names = self._last, len(self.facts.names)
        found: dict[int, list[int]] = {}
        if len(last) < len(self.facts.bindings):
            for number, row in enumerate(self.facts.bindings):
                key = row.scope * n_names + row.name
                if last[key] != number:
                    found.setdefault(key, []).append(number)
        for key, numbers in found.items():
            numbers.append(last[key])
        return found

    def _written(self, scope: int, name: int) -> Sequence[int]:
        """Give the bindings of a name that are written in a scope."""
        key = scope * len(self.facts.names) + name
        last = self._last.get(key)
        if last is None:
            return ()
        return self._several.get(key) or (last,)

    @cached_property
    def _moved(self) -> dict[tuple[int, int], list[int]]:
        """The bindings that `global` and `nonlocal` make in other scopes than their own."""
        facts = self.facts
        found: dict[tuple[int, int], list[int]] = {}
        for row in facts.bindings:
            if row.kind in _ELSEWHERE:
                is_global = row.kind == BindingKind.GLOBAL
                outer = MODULE_SCOPE if is_global else self._beyond(row.scope, row.name)
                if outer != row.scope:
                    found.setdefault((outer, row.name), []).extend(
                        self._written(row.scope, row.name)
                    )
        return found

    def _numbers(self, scope: int, name: int) -> Sequence[int]:
        """Give the bindings of a name in a scope, those that other scopes make in it included."""
        numbers = self._written(scope, name)
        if not self._moved:
            return numbers
        return sorted({*numbers, *self._moved.get((scope, name), ())})

    @cached_property
    def _global_names(self) -> frozenset[int]:
        """The names that some function declares `global`."""
        rows = self.facts.bindings
        return frozenset(row.name for row in rows if row.kind == BindingKind.GLOBAL)

    @cached_property
    def star_imports(self) -> dict[int, tuple[int, ...]]:
        """The MODULE terms of the star imports of each scope that has some."""
        found: dict[int, tuple[int, ...]] = {}
        for binding in self.facts.bindings:
            if binding.kind == BindingKind.STAR_IMPORT:
                found[binding.scope] = (*found.get(binding.scope, ()), binding.value)
        return found

    def bindings(self, scope: int, name: str) -> list[Binding]:
        """Give the bindings of a name in a scope that give it a value, in their order."""
        number = self.facts.name_numbers.get(name)
        if number is None:
            return []
        known = self._many.get((scope, number))
        if known is not None:
            return known
        found = self._make_bindings(scope, number)
        if len(found) > _MANY:
            self._many[scope, number] = found
        return found

    def _make_bindings(self, scope: int, number: int) -> list[Binding]:
        rows = self.facts.bindings
        found = [rows[i] for i in self._numbers(scope, number)]
        if any(row.scope != scope or row.kind in _ELSEWHERE for row in found):
            return self._not_elsewhere(scope, found)
        return [row for row in found if row.kind not in _NO_VALUE]

    @staticmethod
    def _not_elsewhere(scope: int, found: list[Binding]) -> list[Binding]:
        """Leave out what a scope binds for another one."""
        is_elsewhere = scope != MODULE_SCOPE and any(
            row.scope == scope and row.kind in _ELSEWHERE for row in found
        )
        return [
            row
            for row in found
            if row.kind not in _NO_VALUE and not (is_elsewhere and row.scope == scope)
        ]

    def is_bound(self, scope: int, name: str) -> bool:
        """Tell whether a scope itself gives a value to a name."""
        number = self.facts.name_numbers.get(name)
        if number is None:
            return False
        is_written = scope * len(self.facts.names) + number in self._last
        return (is_written or bool(self._moved)) and bool(self.bindings(scope, name))

    def scope_of(self, term: int) -> int:
        """Give the scope that the bare name of a NAME term belongs to; NONE if to no scope here."""
        facts = self.facts
        scope, name = facts.b[term], facts.a[term]
        if facts.scopes[scope].kind == ScopeKind.CLASS and not self._is_bound_before(scope, term):
            return self._outward(facts.scopes[scope].parent, name, is_inner=False)
        return self._outward(scope, name, is_inner=False)

    def _outward(self, scope: int, name: int, *, is_inner: bool) -> int:
        key = (scope, -name - 1 if is_inner else name)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._search(scope, name, is_inner=is_inner)
        return found

    def _search(self, scope: int, name: int, *, is_inner: bool) -> int:
        scopes = self.facts.scopes
        while scope != NONE:
            kind = scopes[scope].kind
            if not (is_inner and kind == ScopeKind.CLASS):
                kinds = {self.facts.bindings[i].kind for i in self._written(scope, name)}
                if BindingKind.GLOBAL in kinds:
                    return MODULE_SCOPE if scope != MODULE_SCOPE else scope
                if kinds - _ELSEWHERE or (scope == MODULE_SCOPE and name in self._global_names):
                    return self._beyond(scope, name) if BindingKind.NONLOCAL in kinds else scope
            is_inner = is_inner or kind in _INNER
            scope = scopes[scope].parent
        return NONE

    def _beyond(self, scope: int, name: int) -> int:
        """Give the scope that `nonlocal` in `scope` means."""
        found = self._search(self.facts.scopes[scope].parent, name, is_inner=True)
        return scope if found in (NONE, MODULE_SCOPE) else found

    def _is_bound_before(self, scope: int, term: int) -> bool:
        """A name in a class body is the class's own only once the class has bound it."""
        numbers = self._numbers(scope, self.facts.a[term])
        if not numbers:
            return False
        rows = self.facts.bindings
        return any(rows[i].term == term or self.is_before(rows[i], term) for i in numbers)

    def is_before(self, binding: Binding, term: int) -> bool:
        """Tell whether a binding is done by the time that a term of its scope is evaluated."""
        if binding.kind == BindingKind.PARAMETER or binding.scope != self.facts.b[term]:
            return True
        # Terms are numbered in the order in which they are evaluated.
        return binding.term < term and binding.value < term

    def reaching(self, scope: int, term: int) -> list[Binding]:
        """Give the bindings of a bare name in `scope` whose values a NAME term can have.

        In the scope itself these are the ones before it, of which one at the outermost
        indentation hides all earlier ones. From a scope within, any binding can be the one.
        """
        numbers = self._written(scope, self.facts.a[term])
        if len(numbers) > _MANY and self.facts.b[term] == scope:
            return self._nearest(numbers, term)
        found = self.bindings(scope, self.name_of(term))
        if len(found) < 2 or self.facts.b[term] != scope:
            return found
        before = [row for row in found if self.is_before(row, term)]
        if not before:
            return found
        indent = self._indent(scope)
        for i in range(len(before) - 1, 0, -1):
            if self._is_unconditional(before[i], indent):
                return before[i:]
        return before

    def _nearest(self, numbers: Sequence[int], term: int) -> list[Binding]:
        """Give the last bindings before a term, of very many: generated code has such."""
        rows = self.facts.bindings
        at = bisect.bisect_left(numbers, term, key=lambda number: rows[number].term)
        found = [rows[number] for number in numbers[max(0, at - _MANY) : at]]
        kept = [row for row in found if row.kind not in _NO_VALUE and self.is_before(row, term)]
        indent = self._indent(rows[numbers[0]].scope)
        for i in range(len(kept) - 1, 0, -1):
            if self._is_unconditional(kept[i], indent):
                return kept[i:]
        return kept

    def _is_unconditional(self, binding: Binding, indent: int) -> bool:
        if binding.kind not in (BindingKind.ASSIGN, BindingKind.IMPORT):
            return False
        if self._indent(binding.scope) != indent:
            return False
        start = self.facts.starts[binding.term]
        return start - self.line_start(start) == indent

    def _indent(self, scope: int) -> int:
        """Give the column of the statements right in a scope."""
        owner = self.facts.scopes[scope].symbol
        if owner == NONE:
            return 0 if scope == MODULE_SCOPE else NONE
        body = self.facts.symbols[owner].body_start
        return body - self.line_start(body) if body != NONE else NONE

    def line_start(self, offset: int) -> int:
        """Give where the line of an offset starts."""
        starts = self.facts.line_starts
        return starts[max(bisect.bisect_right(starts, offset) - 1, 0)]

    def symbol_of_value(self, value: int) -> Symbol | None:
        """Give the symbol of a FUNCTION or CLASS term."""
        if self.facts.ops[value] in (Op.FUNCTION, Op.CLASS):
            return self.facts.symbols[self.facts.a[value]]
        return None

    @cached_property
    def symbol_numbers(self) -> dict[tuple[int, str], list[int]]:
        """The symbols of each scope and name, attributes of instances included."""
        numbers: dict[tuple[int, str], list[int]] = {}
        for number, symbol in enumerate(self.facts.symbols):
            if symbol.kind != SymbolKind.LAMBDA:
                key = (symbol.scope, self.facts.names[symbol.name])
                numbers.setdefault(key, []).append(number)
        return numbers

    @cached_property
    def renamings(self) -> dict[int, tuple[int, ...]]:
        """The other names that imports and assignments give to the name of a term, by the term."""
        facts = self.facts
        found: dict[int, tuple[int, ...]] = {}
        for row in facts.bindings:
            if row.kind in _RENAMING and row.name != facts.a[row.value]:
                found[row.value] = (*found.get(row.value, ()), row.name)
        return found

    @cached_property
    def _class_numbers(self) -> list[int]:
        symbols = self.facts.symbols
        classes = (n for n, symbol in enumerate(symbols) if symbol.kind == SymbolKind.CLASS)
        return sorted(classes, key=lambda number: symbols[number].name_start)

    @cached_property
    def _class_starts(self) -> list[int]:
        return [self.facts.symbols[number].name_start for number in self._class_numbers]

    def class_headed_at(self, offset: int) -> int:
        """Give the class among whose bases an offset lies; NONE if it lies in no header."""
        at = bisect.bisect_left(self._class_starts, offset) - 1
        number = self._class_numbers[at] if at >= 0 else NONE
        is_within = number != NONE and offset < self.facts.symbols[number].header_end
        return number if is_within else NONE

    @cached_property
    def stores(self) -> dict[tuple[int, str], list[Stored]]:
        """The assignments to `self.name` by the scope of their class and the name."""
        found: dict[tuple[int, str], list[Stored]] = {}
        for row in self.facts.stored:
            owner = self.owner_of_first_parameter(self.facts.b[row.term])
            if owner != NONE:
                inner = self.facts.symbols[owner].inner
                found.setdefault((inner, self.name_of(row.term)), []).append(row)
        return found

    def is_annotated(self, scope: int, name: str) -> bool:
        """Tell whether a binding of a name, or an assignment to an attribute, has an annotation."""
        if any(row.annotation for row in self.bindings(scope, name)):
            return True
        return any(row.annotation for row in self.stores.get((scope, name), ()))

    def owner_of_first_parameter(self, term: int) -> int:
        """Give the class symbol whose instance, or self, a term is as `self` or `cls`; or NONE."""
        facts = self.facts
        if facts.ops[term] != Op.NAME:
            return NONE
        scope = self.scope_of(term)
        if scope == NONE or facts.scopes[scope].kind != ScopeKind.FUNCTION:
            return NONE
        number = facts.scopes[scope].symbol
        function = facts.symbols[number]
        if not function.parameters or function.parameters[0].name != facts.a[term]:
            return NONE
        return NONE if self.is_static(number) else self.class_around(number)

    def class_around(self, symbol: int) -> int:
        """Give the class symbol in whose body a function is defined; NONE if in none."""
        facts = self.facts
        scope = facts.symbols[symbol].scope
        while facts.scopes[scope].kind == ScopeKind.TYPE_PARAMETERS:
            scope = facts.scopes[scope].parent
        return facts.scopes[scope].symbol if facts.scopes[scope].kind == ScopeKind.CLASS else NONE

    def is_static(self, symbol: int) -> bool:
        """Tell whether a function is a `@staticmethod`, by the name of the decorator."""
        return "staticmethod" in self.decorator_names(symbol)

    def decorator_names(self, symbol: int) -> list[str]:
        """Give the last names of the decorators of a symbol, of those that have one."""
        facts = self.facts
        names: list[str] = []
        for term in facts.symbols[symbol].decorators:
            callee = facts.a[term] if facts.ops[term] == Op.CALL else term
            if facts.ops[callee] in (Op.NAME, Op.ATTRIBUTE):
                names.append(self.name_of(callee))
        return names

    @cached_property
    def _calls(self) -> tuple[dict[int, int], dict[int, int]]:
        """Calls by the term that is called, and by their keywords."""
        by_callee: dict[int, int] = {}
        by_keyword: dict[int, int] = {}
        facts = self.facts
        position = facts.ops.find(Op.CALL)
        while position != -1:
            by_callee[facts.a[position]] = position
            for argument in facts.items(facts.b[position]):
                if facts.ops[argument] == Op.KEYWORD:
                    by_keyword[argument] = position
            position = facts.ops.find(Op.CALL, position + 1)
        return by_callee, by_keyword

    def call_of(self, callee: int) -> int:
        """Give the CALL term that calls a term; UNKNOWN_TERM if it is not called."""
        return self._calls[0].get(callee, UNKNOWN_TERM)

    def call_of_keyword(self, keyword: int) -> int:
        """Give the CALL term of a KEYWORD; UNKNOWN_TERM for one of a class header."""
        return self._calls[1].get(keyword, UNKNOWN_TERM)

    @cached_property
    def narrowed_names(self) -> frozenset[tuple[int, int]]:
        """Scope and number of the names that some test narrows."""
        return frozenset((row.scope, row.name) for row in self.facts.narrowings)

    def narrowed_by(self, scope: int, term: int) -> Sequence[int]:
        """Give the class terms of the tests that hold for a NAME term, the innermost last."""
        facts = self.facts
        name, start = facts.a[term], facts.starts[term]
        if (scope, name) not in self.narrowed_names:
            return ()
        rows = [
            row
            for row in facts.narrowings
            if row.scope == scope and row.name == name and row.start <= start < row.end
        ]
        rows.sort(key=lambda row: row.start - row.end)
        return [row.classes for row in rows if row.classes != UNKNOWN_TERM]
