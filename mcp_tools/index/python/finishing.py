"""From a draft to facts: code points for bytes, order for whatever came as it was read."""

from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate, chain, compress, starmap
from operator import itemgetter

from mcp_tools.index.python.draft import Draft, ParameterDraft
from mcp_tools.index.python.offsets import CodePoints, line_starts
from mcp_tools.types.facts import (
    NONE,
    Binding,
    Facts,
    Narrowing,
    Parameter,
    Scope,
    Stored,
    Symbol,
    SymbolKind,
)

Place = Callable[[int], int]
"""Gives the code point of a byte."""


def finish(draft: Draft, text: str, *, has_errors: bool) -> Facts:
    """Give the facts that a draft has collected about a text."""
    code_points = CodePoints(draft.source)
    place: Place = int if draft.source.isascii() else code_points.of
    names = tuple(name.decode("utf-8") for name in draft.names)
    numbers = _drop_shadowed_and_sort(draft)
    name_ends, occurrences = _occurrences(draft)
    return Facts(
        names=names,
        n_chars=len(text),
        has_errors=has_errors,
        exports=tuple(draft.exports) if draft.exports is not None else None,
        is_export_open=draft.is_export_open,
        ops=bytes(draft.ops),
        roles=bytes(draft.roles),
        packed_a=_packed(draft.a),
        packed_b=_packed(draft.b),
        packed_starts=_packed(code_points.of_each(draft.starts)),
        packed_lists=_packed(draft.lists),
        packed_line_starts=line_starts(text),
        packed_name_ends=name_ends,
        packed_occurrences=occurrences,
        scopes=tuple(
            Scope(kind, parent, numbers[symbol], place(start), place(end))
            for kind, parent, symbol, start, end in draft.scopes
        ),
        bindings=_bindings(draft),
        stored=tuple(Stored(*row) for row in draft.stored),
        narrowings=_narrowings(draft, place),
        symbols=_symbols(draft, names, numbers, place),
    )


def _packed(numbers: list[int]) -> bytes:
    return array("I", numbers).tobytes()


def _drop_shadowed_and_sort(draft: Draft) -> dict[int, int]:
    """Put the symbols in order; give the new number of each old one, and of NONE.

    An attribute of instances that the class itself binds too is no symbol of its own.
    """
    symbols = draft.symbols
    bound = {(row[0], row[1]) for row in draft.bindings}
    attribute = SymbolKind.ATTRIBUTE
    kept = [
        (symbol.start, -symbol.end, symbol.name_start, number)
        for number, symbol in enumerate(symbols)
        if symbol.kind is not attribute or (symbol.scope, symbol.name) not in bound
    ]
    kept.sort()
    draft.symbols = [symbols[row[3]] for row in kept]
    numbers = {row[3]: number for number, row in enumerate(kept)}
    for term in draft.defining:
        draft.a[term] = numbers[draft.a[term]]
    numbers[NONE] = NONE
    return numbers


def _occurrences(draft: Draft) -> tuple[bytes, bytes]:
    """Give the ends of the names' parts, and the occurrences by name and place, packed."""
    names = draft.a
    occurrences = list(compress(range(len(names)), draft.roles))
    occurrences.sort(key=draft.starts.__getitem__)
    by_name: list[list[int]] = [[] for _ in draft.names]
    for term in occurrences:
        by_name[names[term]].append(term)
    ends = list(accumulate(map(len, by_name)))
    return _packed(ends), _packed(list(chain.from_iterable(by_name)))


def _bindings(draft: Draft) -> tuple[Binding, ...]:
    starts = draft.starts
    rows = draft.bindings
    rows.sort(key=lambda row: starts[row[3] or row[4]])
    rows.sort(key=itemgetter(0))
    return tuple(starmap(Binding, rows))


def _narrowings(draft: Draft, place: Place) -> tuple[Narrowing, ...]:
    """Give the regions, each cut behind the first line in which the name gets another value."""
    if not draft.narrowings:
        return ()
    bound: dict[tuple[int, int], list[int]] = {(row[0], row[1]): [] for row in draft.narrowings}
    for row in draft.bindings:
        starts = bound.get((row[0], row[1]))
        if starts is not None:
            starts.append(draft.starts[row[3]])
    found: list[Narrowing] = []
    for scope, name, classes, start, end in draft.narrowings:
        later = [offset for offset in bound[scope, name] if start <= offset < end]
        if later:
            line_end = draft.source.find(b"\n", min(later))
            end = min(end, line_end) if line_end >= 0 else end
        found.append(Narrowing(scope, name, classes, place(start), place(end)))
    return tuple(found)


def _symbols(
    draft: Draft, names: Sequence[str], numbers: dict[int, int], place: Place
) -> tuple[Symbol, ...]:
    counts: dict[tuple[int, int], int] = {}
    found: list[Symbol] = []
    for symbol in draft.symbols:
        key = (symbol.parent, symbol.name)
        n_same = counts.get(key, 0)
        counts[key] = n_same + 1
        kind = symbol.kind
        if kind is SymbolKind.VARIABLE and names[symbol.name].isupper():
            kind = SymbolKind.CONSTANT
        body_start, (doc_start, doc_end) = symbol.body_start, symbol.doc
        # By position: this is the busiest constructor, and keywords cost as much as the rest.
        row = Symbol(
            symbol.name,
            kind,
            symbol.scope,
            symbol.inner,
            numbers[symbol.parent],
            place(symbol.start),
            place(symbol.end),
            place(symbol.name_start),
            symbol.term,
            place(symbol.end if symbol.header_end == NONE else symbol.header_end),
            NONE if body_start == NONE else place(body_start),
            NONE if doc_start == NONE else place(doc_start),
            NONE if doc_end == NONE else place(doc_end),
            symbol.is_async,
            symbol.decorators,
            symbol.bases,
            tuple(_parameter(draft, parameter, place) for parameter in symbol.parameters)
            if symbol.parameters
            else (),
            symbol.annotation,
            tuple(symbol.returned),
            tuple(symbol.yielded),
            n_same,
        )
        found.append(row)
    return tuple(found)


def _parameter(draft: Draft, parameter: ParameterDraft, place: Place) -> Parameter:
    return Parameter(
        draft.a[parameter.term],
        parameter.kind,
        parameter.term,
        parameter.annotation,
        parameter.default,
        parameter.has_default,
        place(parameter.start),
        place(parameter.end),
    )
