"""One file as the questions need it: names, places, and what stands around an offset."""

import bisect
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, Facts, Op, Symbol, SymbolKind
from mcp_tools.types.text import Digest, Place, Span

_BLOCK_KINDS = frozenset(
    {SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY}
)
OCCURRENCE_OPS = frozenset({Op.NAME, Op.ATTRIBUTE, Op.IMPORTED, Op.MODULE, Op.KEYWORD})
"""The terms that show a name in the text."""
_MAX_REMEMBERED_FILES = 4096


@dataclass(frozen=True, slots=True)
class Blocks:
    """The named functions and classes of a file, sorted by start."""

    starts: tuple[int, ...]
    symbols: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with its facts. It is made for one query, and costs nothing to make."""

    file: str
    facts: Facts
    blocks: Blocks

    def name(self, term: int) -> str:
        """Give the name that an occurrence shows."""
        return self.facts.names[self.facts.a[term]]

    def name_span(self, term: int) -> Span:
        """Give the span of the name that an occurrence shows; of another term where it starts."""
        start = self.facts.starts[term] if term else 0
        is_named = self.facts.ops[term] in OCCURRENCE_OPS
        return Span(start, start + len(self.name(term)) if is_named else start)

    def place(self, offset: int) -> Place:
        """Give the line and column of an offset."""
        line_starts = self.facts.line_starts
        line = bisect.bisect_right(line_starts, offset) - 1
        return Place(line, offset - line_starts[line])

    def offset(self, place: Place) -> int:
        """Give the offset of a place, which is not checked against the line's length."""
        line_starts = self.facts.line_starts
        if place.line >= len(line_starts):
            return self.facts.n_chars
        return min(line_starts[place.line] + place.column, self.facts.n_chars)

    def symbol_name(self, symbol: int) -> str:
        """Give the name of a symbol."""
        return self.facts.names[self.facts.symbols[symbol].name]

    def path(self, symbol: int) -> str:
        """Give the name path of a symbol: `Class/method`, `name[1]` for the second of a name."""
        parts: list[str] = []
        while symbol != NONE:
            row = self.facts.symbols[symbol]
            name = self.facts.names[row.name]
            parts.append(f"{name}[{row.n_same}]" if row.n_same else name)
            symbol = row.parent
        return "/".join(reversed(parts))

    def around(self, offset: int) -> int:
        """Give the innermost named function or class whose text has `offset` in it, or NONE.

        Decorators, parameters and bases belong to it.
        """
        return self._innermost(offset, lambda row: row.start <= offset < row.end)

    def caller(self, offset: int) -> int:
        """Give the innermost named function that runs the code at `offset`; NONE for the module.

        Decorators, defaults and annotations are run by what is around the function; so is the
        body of a class. A lambda or a comprehension belongs to the function that it is in.
        """
        return self._innermost(
            offset,
            lambda row: row.kind != SymbolKind.CLASS and row.header_end <= offset < row.end,
        )

    def enclosing(self, term: int) -> int:
        """Give what `around` gives for an occurrence; of a block's own name, what is around it."""
        block = self.around(self.facts.starts[term])
        if block != NONE and self.facts.symbols[block].term == term:
            return self._block_above(block)
        return block

    def terms(self, op: Op, span: Span | None = None) -> Iterator[int]:
        """Give the terms of one kind that start within `span`, in the order of their numbers."""
        ops, starts = self.facts.ops, self.facts.starts
        start, end = (span.start, span.end) if span else (0, self.facts.n_chars + 1)
        wanted = bytes((op,))
        term = ops.find(wanted)
        while term != -1:
            if start <= starts[term] < end:
                yield term
            term = ops.find(wanted, term + 1)

    def _innermost(self, offset: int, holds: Callable[[Symbol], bool]) -> int:
        index = bisect.bisect_right(self.blocks.starts, offset) - 1
        block = self.blocks.symbols[index] if index >= 0 else NONE
        while block != NONE and not holds(self.facts.symbols[block]):
            block = self._block_above(block)
        return block

    def _block_above(self, block: int) -> int:
        symbols = self.facts.symbols
        block = symbols[block].parent
        while block != NONE and symbols[block].kind not in _BLOCK_KINDS:
            block = symbols[block].parent
        return block


def view_file(codebase: CodebaseView, file: str) -> FileView | None:
    """Give a file with its facts; None if there is none, or it is left out."""
    facts = codebase.facts(file)
    if facts is None:
        return None
    digest = codebase.digest(file)
    remembered = codebase.memory.get("navigation.blocks", _RememberedBlocks)
    return FileView(file, facts, remembered.of(digest, facts))


class _RememberedBlocks:
    """The blocks of the files that were looked at last, by digest."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[Digest, Blocks] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, digest: Digest | None, facts: Facts) -> Blocks:
        """Give the blocks of a file; made at the first use."""
        if digest is None:
            return _blocks_of(facts)
        blocks = self._blocks.get(digest)
        if blocks is None:
            blocks = _blocks_of(facts)
            with self._lock:
                self._blocks[digest] = blocks
                if len(self._blocks) > _MAX_REMEMBERED_FILES:
                    self._blocks.popitem(last=False)
        return blocks


def _blocks_of(facts: Facts) -> Blocks:
    found = [
        (row.start, number) for number, row in enumerate(facts.symbols) if row.kind in _BLOCK_KINDS
    ]
    return Blocks(tuple(start for start, _ in found), tuple(number for _, number in found))
