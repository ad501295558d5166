"""Calls that reach a function under another name, because it was used as a value.

Where a function is named without being called, it may be called around there: through a variable,
a container, or a parameter of what it is passed to. The calls that are written there are resolved,
unless what they call has a name that no value is given to there, and kept if they lead to the
function. Where it is returned, what calls the returning function is looked at too, and what its
decorators do with it. Further on it is not followed.
"""

from collections.abc import Iterable, Iterator, Sequence

from mcp_tools.code.navigation.call_sites import CallReader, callers_view, is_outside
from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.occurrences import Occurrence, occurrences_of
from mcp_tools.code.navigation.passing import NamesOfValues
from mcp_tools.resolution.target import MODULE, Certainty, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, Op, Role, SymbolKind
from mcp_tools.types.text import Span

_MAX_VALUES = 50
"""Places where a function is used as a value; more are not followed."""
_MAX_CALLS = 600
"""Calls that are resolved for one function."""
_MAX_ARGUMENT_DISTANCE = 64
"""Terms between an argument and its call, whose term comes after it."""

_MAX_RETURNS = 3
"""How many functions a value is followed through that return it."""
_RESULT_ROLES = frozenset({Role.CALL, Role.READ, Role.DECORATOR})

_Region = tuple[str, Span]


def flowing_calls(
    codebase: CodebaseView, reader: CallReader, target: Target, values: Sequence[Occurrence]
) -> Iterator[Occurrence]:
    """Give the calls that lead to `target` from where it is used as a value."""
    regions: dict[_Region, None] = {}
    for value in values[:_MAX_VALUES]:
        regions.update(dict.fromkeys(_regions(codebase, reader, value, _MAX_RETURNS)))
    regions.update(dict.fromkeys(_decorator_regions(codebase, reader, target)))
    if not regions:
        return
    views = {file: view for file, _ in regions if (view := callers_view(codebase, file))}
    names = NamesOfValues(view.facts for view in views.values())
    names.add(target.name)
    budget = _MAX_CALLS
    for file, span in _outermost(regions):
        view = views.get(file)
        if view is None:
            continue
        for found in reader.calls_of_values_in(view, span, names):
            if budget <= 0:
                return
            budget -= 1
            certainty = dict(found.callees).get(target)
            if certainty is not None:
                yield Occurrence(view, found.term, certainty)


def _outermost(regions: Iterable[_Region]) -> Iterator[_Region]:
    """Leave out regions that lie in others; none reaches over the end of another."""
    last: _Region | None = None
    for file, span in sorted(regions, key=lambda each: (each[0], each[1].start, -each[1].end)):
        if last is None or file != last[0] or span.end > last[1].end:
            last = (file, span)
            yield last


def calls_of_own_class(
    codebase: CodebaseView, reader: CallReader, target: Target, classes: Sequence[Target]
) -> Iterator[Occurrence]:
    """Give the calls of `cls`, `type(self)` and `self.__class__` that construct with `target`."""
    for cls in classes:
        for declaration in reader.resolver.declarations(cls):
            view = callers_view(codebase, declaration.file)
            if view is None or declaration.symbol == NONE:
                continue
            row = view.facts.symbols[declaration.symbol]
            for call in view.terms(Op.CALL, Span(row.start, row.end)):
                if _is_own_class(view, view.facts.a[call]):
                    found = reader.call_of(view, call)
                    if target in dict(found.callees):
                        yield Occurrence(view, found.term, Certainty.INFERRED)


def _is_own_class(view: FileView, callee: int) -> bool:
    match view.facts.ops[callee]:
        case Op.NAME:
            return view.name(callee) == "cls"
        case Op.ATTRIBUTE:
            return view.name(callee) == "__class__"
        case Op.CALL:
            inner = view.facts.a[callee]
            return view.facts.ops[inner] == Op.NAME and view.name(inner) == "type"
        case _:
            return False


def _regions(
    codebase: CodebaseView, reader: CallReader, value: Occurrence, n_returns: int
) -> Iterator[_Region]:
    """Give the pieces of code in which a value may be called."""
    view = value.view
    caller = view.caller(view.facts.starts[value.term])
    yield view.file, _region_around(view, caller)
    carriers = _carriers(view, value.term)
    for call in carriers:
        if view.facts.ops[call] == Op.CALL:
            yield from _bodies(codebase, reader, view.file, call)
    if caller != NONE and n_returns and not carriers.isdisjoint(_results(view, caller)):
        function = reader.resolver.target_of(view.file, caller)
        for found in occurrences_of(codebase, reader.resolver, function, _RESULT_ROLES):
            if found.certainty != Certainty.TEXTUAL:
                yield from _regions(codebase, reader, found, n_returns - 1)


def _decorator_regions(
    codebase: CodebaseView, reader: CallReader, target: Target
) -> Iterator[_Region]:
    """Give the bodies of the decorators of a function: they are passed it."""
    for declaration in reader.resolver.declarations(target):
        view = callers_view(codebase, declaration.file)
        if view is None or declaration.symbol == NONE:
            continue
        for decorator in view.facts.symbols[declaration.symbol].decorators:
            yield from _bodies(codebase, reader, view.file, decorator)


def _bodies(
    codebase: CodebaseView, reader: CallReader, file: str, called: int
) -> Iterator[_Region]:
    """Give the code of what a term calls."""
    for callee in reader.resolver.resolve(file, called).targets:
        if callee.scope == MODULE or is_outside(callee.file):
            continue
        for declaration in reader.resolver.declarations(callee):
            into = view_file(codebase, declaration.file)
            if into is not None and declaration.symbol != NONE:
                yield declaration.file, _region_around(into, declaration.symbol)


def _results(view: FileView, function: int) -> tuple[int, ...]:
    row = view.facts.symbols[function]
    return (*row.returned, *row.yielded)


def _region_around(view: FileView, symbol: int) -> Span:
    """Give the text of a function; of a method all of its class, since it may keep the value."""
    if symbol == NONE:
        return Span(0, view.facts.n_chars + 1)
    row = view.facts.symbols[symbol]
    if row.parent != NONE and view.facts.symbols[row.parent].kind == SymbolKind.CLASS:
        row = view.facts.symbols[row.parent]
    return Span(row.start, row.end)


def _carriers(view: FileView, value: int) -> set[int]:
    """Give a term, the containers that hold it, and the calls that have it as an argument."""
    facts = view.facts
    carriers = {value}
    calls: set[int] = set()
    for term in range(value + 1, min(len(facts.ops), value + _MAX_ARGUMENT_DISTANCE)):
        match facts.ops[term]:
            case Op.CALL if not carriers.isdisjoint(facts.items(facts.b[term])):
                calls.add(term)
            case Op.KEYWORD if facts.b[term] in carriers:
                carriers.add(term)
            case Op.STAR if facts.a[term] in carriers:
                carriers.add(term)
            case Op.TUPLE | Op.LIST | Op.SET | Op.DICT | Op.EITHER if not carriers.isdisjoint(
                facts.items(facts.a[term])
            ):
                carriers.add(term)
            case _:
                pass
    return carriers | calls
