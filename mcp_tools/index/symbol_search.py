"""Search by name over the symbols of all segments at once."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from mcp_tools.index.name_search import Lines, Match, Query
from mcp_tools.index.segments import Segment
from mcp_tools.index.symbol_table import Row


class SymbolSearch:
    """The names of some segments as one text; made at the first search over them."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Put the names together."""
        self.segments = segments
        sizes = [len(segment.symbols.kinds) for segment in segments]
        self._starts = list(accumulate(sizes, initial=0))[:-1]
        self._lines = Lines("\n" + "".join(segment.symbols.names[1:] for segment in segments))

    def search(self, query: Query, match: Match, max_hits: int) -> Iterator[tuple[int, Row]]:
        """Give definitions that match in just this way, each with its content.

        Those with short names come first; of very many matches, some are passed over.
        """
        found = self._lines.search(query, match, max_hits)
        for number, name in sorted(found, key=lambda hit: (len(hit[1]), hit[1])):
            at = bisect_right(self._starts, number) - 1
            segment = self.segments[at]
            row = segment.symbols.row(number - self._starts[at], name)
            yield segment.contents[row.position], row
