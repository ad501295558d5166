"""The calls that are written in a piece of code, and what they call.

A call is an expression with parentheses, a decorator without them, and the reading, writing or
deleting of a property. The site of a call is the name before the parentheses.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mcp_tools.code.navigation.dispatch import Dispatch
from mcp_tools.code.navigation.file_view import OCCURRENCE_OPS, FileView, view_file
from mcp_tools.code.navigation.occurrences import Occurrence
from mcp_tools.code.navigation.passing import NamesOfValues
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Certainty, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, Op, Role, SymbolKind
from mcp_tools.types.text import Span

_FIRST_OPERAND_OPS = frozenset({Op.CALL, Op.ITEM, Op.AWAIT, Op.ELEMENT, Op.ENTER, Op.PART})
_PROPERTY_ROLES = frozenset({Role.READ, Role.WRITE, Role.CALL})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSite:
    """One call in the text and what it calls."""

    view: FileView
    term: int
    """The occurrence whose name stands for the call; the CALL term itself if there is none."""
    caller: int
    """The symbol of the function that runs it; NONE for the module."""
    callees: tuple[tuple[Target, Certainty], ...]
    """Functions, and classes without an `__init__` in source. Empty if that is not known."""


class CallReader:
    """Reads calls for one query, and remembers what it has asked the resolver."""

    def __init__(self, codebase: CodebaseView, *, with_overrides: bool) -> None:
        """Read calls; `with_overrides` adds what a call may reach in classes below."""
        self._codebase = codebase
        self._with_overrides = with_overrides
        self._kinds: dict[Target, SymbolKind | None] = {}
        self.resolver = Resolver(codebase)
        self.dispatch = Dispatch(codebase, self.resolver)

    def calls_by(self, view: FileView, symbol: int) -> Iterator[CallSite]:
        """Give the calls that a function runs itself; of NONE those of the module."""
        for site in self.calls_in(view, _body(view, symbol)):
            if site.caller == symbol:
                yield site

    def calls_in(self, view: FileView, span: Span) -> Iterator[CallSite]:
        """Give all calls that are written within a span, in no order."""
        yield from self.plain_calls_in(view, span)
        for term in view.terms(Op.ATTRIBUTE, span):
            if view.facts.roles[term] not in _PROPERTY_ROLES:
                continue
            resolution = self.resolver.resolve(view.file, term)
            read = [
                each
                for each in resolution.targets
                if self.is_property(each) and not is_outside(each.file)
            ]
            if read:
                callees = self._with_below(view, term, read, resolution.certainty)
                caller = view.caller(view.facts.starts[term])
                yield CallSite(view=view, term=term, caller=caller, callees=callees)

    def plain_calls_in(self, view: FileView, span: Span) -> Iterator[CallSite]:
        """Give the calls within a span that are no use of a property, in no order."""
        for call in view.terms(Op.CALL, span):
            yield self.call_of(view, call)
        for decorator in _decorators(view, span):
            yield self._decorating(view, decorator)

    def calls_of_values_in(
        self, view: FileView, span: Span, names: NamesOfValues
    ) -> Iterator[CallSite]:
        """Give the plain calls within a span that may be of something that was passed there."""
        for call in view.terms(Op.CALL, span):
            if names.may_be_called(view.facts, view.facts.a[call]):
                yield self.call_of(view, call)
        for decorator in _decorators(view, span):
            if names.may_be_called(view.facts, decorator):
                yield self._decorating(view, decorator)

    def call_of(self, view: FileView, call: int) -> CallSite:
        """Read one CALL term."""
        return self._site(view, _name_of(view, call), call)

    def dispatched(self, found: Occurrence, target: Target) -> Occurrence:
        """Make an unresolved occurrence an inferred one, if a class below may mean `target`."""
        if found.certainty != Certainty.TEXTUAL or not self._with_overrides:
            return found
        below = self.dispatch.members_below(found.view, found.term)
        return replace(found, certainty=Certainty.INFERRED) if target in below else found

    def is_property(self, target: Target) -> bool:
        """Tell whether a target is a property, so that naming it calls it."""
        return self.kind(target) == SymbolKind.PROPERTY

    def kind(self, target: Target) -> SymbolKind | None:
        """Give the kind of the main declaration of a target; None if it is no symbol."""
        if target not in self._kinds:
            self._kinds[target] = self._declared_kind(target)
        return self._kinds[target]

    def _declared_kind(self, target: Target) -> SymbolKind | None:
        declarations = self.resolver.declarations(target)
        if not declarations or declarations[0].symbol == NONE:
            return None
        facts = self._codebase.facts(declarations[0].file)
        return facts.symbols[declarations[0].symbol].kind if facts else None

    def _site(self, view: FileView, name: int, called: int) -> CallSite:
        facts = view.facts
        resolution = self.resolver.resolve(view.file, called)
        callees = [self._entry(each) for each in resolution.targets if self._is_callable(each)]
        callee_term = facts.a[called] if facts.ops[called] == Op.CALL else called
        found = self._with_below(view, callee_term, callees, resolution.certainty)
        if not found and self._with_overrides:
            below = self.dispatch.members_below(view, callee_term)
            found = tuple((each, Certainty.INFERRED) for each in below)
        caller = view.caller(facts.starts[called])
        return CallSite(view=view, term=name, caller=caller, callees=found)

    def _decorating(self, view: FileView, decorator: int) -> CallSite:
        if view.facts.ops[decorator] == Op.CALL:
            return self._result_of(view, decorator)
        return self._site(view, decorator, decorator)

    def _result_of(self, view: FileView, decorator: int) -> CallSite:
        """Give the call of what a decorator with arguments returns."""
        made = self.call_of(view, decorator)
        callees = {
            result: Certainty.INFERRED
            for maker, _ in made.callees
            for result in self._results(maker)
        }
        return replace(made, callees=tuple(callees.items()))

    def _results(self, maker: Target) -> Iterator[Target]:
        """Give the functions that a function returns by their name."""
        for declaration in self.resolver.declarations(maker):
            facts = self._codebase.facts(declaration.file)
            if facts is None or declaration.symbol == NONE:
                continue
            for term in facts.symbols[declaration.symbol].returned:
                if facts.ops[term] == Op.NAME:
                    targets = self.resolver.resolve(declaration.file, term).targets
                    yield from (each for each in targets if self._is_callable(each))

    def _entry(self, target: Target) -> Target:
        """Give what runs when a target is called: of a class its `__init__`, if in source."""
        if self.kind(target) != SymbolKind.CLASS:
            return target
        made = self.resolver.member(target, "__init__")
        return target if made is None or is_outside(made.file) else made

    def _is_callable(self, target: Target) -> bool:
        return self.kind(target) in _CALLABLE_KINDS and not is_outside(target.file)

    def _with_below(
        self, view: FileView, callee: int, targets: list[Target], certainty: Certainty
    ) -> tuple[tuple[Target, Certainty], ...]:
        found = dict.fromkeys(targets, certainty)
        if self._with_overrides and self.dispatch.may_lead_below(view, callee):
            for target in targets:
                if self.is_method(target):
                    for below in self.dispatch.overrides(target):
                        found.setdefault(below, Certainty.INFERRED)
        return tuple(found.items())

    def is_method(self, target: Target) -> bool:
        """Tell whether a target is a method or property that a class below may override."""
        return (
            target.scope != MODULE
            and self.kind(target) in (SymbolKind.METHOD, SymbolKind.PROPERTY)
            and target.name not in ("__init__", "__new__")
            and not (target.name.startswith("__") and not target.name.endswith("__"))
        )


_CALLABLE_KINDS = frozenset(
    {SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY, SymbolKind.CLASS}
)


def is_outside(file: str) -> bool:
    """Tell whether a file is outside of the workspace: such files have absolute paths."""
    return file.startswith("/") or file[1:2] == ":"


def callers_view(codebase: CodebaseView, file: str) -> FileView | None:
    """Give a file of the workspace; None for one outside, whose calls are not followed."""
    return None if is_outside(file) else view_file(codebase, file)


def _body(view: FileView, symbol: int) -> Span:
    if symbol == NONE:
        return Span(0, view.facts.n_chars + 1)
    row = view.facts.symbols[symbol]
    return Span(row.header_end, row.end)


def _name_of(view: FileView, call: int) -> int:
    """Give the occurrence before the parentheses: of `table[key]()` it is `table`."""
    facts = view.facts
    term = facts.a[call]
    while facts.ops[term] in _FIRST_OPERAND_OPS:
        term = facts.a[term]
    return term if facts.ops[term] in OCCURRENCE_OPS else call


def _decorators(view: FileView, span: Span) -> Iterator[int]:
    shown = (Op.NAME, Op.ATTRIBUTE, Op.CALL)
    for row in view.facts.symbols:
        if row.decorators and span.start <= row.start < span.end:
            yield from (term for term in row.decorators if view.facts.ops[term] in shown)
