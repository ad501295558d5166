"""All definitions of a batch of files as flat columns, for search by name.

Names stand in one text, a line each, in the order of the rows; so the number of a row is the
number of line ends before a hit, and a search is one pass over memory without an object a row.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from mcp_tools.index.name_search import Lines, Match, Query
from mcp_tools.types.facts import NONE, Facts, SymbolKind

_KINDS = tuple(SymbolKind)
_KIND_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_COLUMNS = ("packed_positions", "packed_symbols", "packed_starts", "packed_lines", "packed_columns")


class Row(msgspec.Struct, frozen=True):
    """One definition."""

    position: int
    """Of its content in the batch."""
    symbol: int
    name: str
    container: str
    kind: SymbolKind
    name_start: int
    line: int
    column: int


class SymbolTable(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """Definitions in the order of contents and symbols."""

    names: str
    """Each with a line end before and after it."""
    containers: str
    """A line each."""
    kinds: bytes
    packed_positions: bytes
    """Four bytes each, as in the columns below."""
    packed_symbols: bytes
    packed_starts: bytes
    packed_lines: bytes
    packed_columns: bytes

    @cached_property
    def _container_lines(self) -> list[str]:
        return self.containers.split("\n")

    @cached_property
    def _views(self) -> tuple[memoryview, ...]:
        return tuple(memoryview(getattr(self, name)).cast("I") for name in _COLUMNS)

    def row(self, number: int, name: str) -> Row:
        """Give one row, whose name the search has seen already."""
        position, symbol, start, line, column = (view[number] for view in self._views)
        return Row(
            position=position,
            symbol=symbol,
            name=name,
            container=self._container_lines[number],
            kind=_KINDS[self.kinds[number]],
            name_start=start,
            line=line,
            column=column,
        )

    def rows(self) -> Iterator[Row]:
        """Give all rows."""
        for number, name in enumerate(self.names[1:-1].split("\n") if self.kinds else ()):
            yield self.row(number, name)

    def search(self, query: Query, match: Match) -> list[tuple[int, str]]:
        """Give the numbers and names of the rows that match in just this way."""
        return Lines(self.names).search(query, match, len(self.kinds))


def make_symbol_table(contents: Iterable[Facts]) -> SymbolTable:
    """Give the definitions of contents in their order; a lambda has no name and is left out."""
    names: list[str] = []
    containers: list[str] = []
    kinds = bytearray()
    columns = tuple(array("I") for _ in _COLUMNS)
    for position, facts in enumerate(contents):
        lines = _Lines(facts.line_starts)
        paths: list[str] = []
        for number, symbol in enumerate(facts.symbols):
            name = facts.names[symbol.name]
            container = paths[symbol.parent] if symbol.parent != NONE else ""
            paths.append(f"{container}/{name}" if container else name)
            if symbol.kind is SymbolKind.LAMBDA:
                continue
            line = lines.line_of(symbol.name_start)
            column = symbol.name_start - facts.line_starts[line]
            names.append(name)
            containers.append(container)
            kinds.append(_KIND_NUMBERS[symbol.kind])
            values = (position, number, symbol.name_start, line, column)
            for values_so_far, value in zip(columns, values, strict=True):
                values_so_far.append(value)
    return _packed(names, containers, kinds, columns)


def merge_symbol_tables(parts: Iterable[tuple[SymbolTable, Sequence[int]]]) -> SymbolTable:
    """Put tables together; each part says which new position an old one gets, -1 for none."""
    names: list[str] = []
    containers: list[str] = []
    kinds = bytearray()
    columns = tuple(array("I") for _ in _COLUMNS)
    for table, new_positions in parts:
        for row in table.rows():
            position = new_positions[row.position]
            if position < 0:
                continue
            names.append(row.name)
            containers.append(row.container)
            kinds.append(_KIND_NUMBERS[row.kind])
            values = (position, row.symbol, row.name_start, row.line, row.column)
            for values_so_far, value in zip(columns, values, strict=True):
                values_so_far.append(value)
    return _packed(names, containers, kinds, columns)


def _packed(
    names: list[str], containers: list[str], kinds: bytearray, columns: Sequence["array[int]"]
) -> SymbolTable:
    packed = dict(zip(_COLUMNS, (column.tobytes() for column in columns), strict=True))
    return SymbolTable(
        names="".join(f"\n{name}" for name in names) + "\n",
        containers="\n".join(containers),
        kinds=bytes(kinds),
        **packed,
    )


class _Lines:
    """Lines of offsets that are asked for mostly in ascending order."""

    def __init__(self, starts: Sequence[int]) -> None:
        self._starts = starts
        self._line = 0

    def line_of(self, offset: int) -> int:
        starts, line = self._starts, self._line
        if starts[line] > offset:
            line = 0
        last = len(starts) - 1
        while line < last and starts[line + 1] <= offset:
            line += 1
        self._line = line
        return line
