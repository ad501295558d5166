"""The postings and symbols of a batch of contents, with the ids of those contents."""

from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from mcp_tools.index.postings import Postings, merge_postings
from mcp_tools.index.symbol_table import SymbolTable, merge_symbol_tables

NO_CONTENT = 0
"""In place of an id: what was at that position is in another segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A batch as it is searched; never changed."""

    id: int
    contents: Sequence[int]
    """The id of the content at each position."""
    postings: Postings
    symbols: SymbolTable

    def contents_with(self, name: str) -> Iterable[int]:
        """Give the ids of the contents that have a name."""
        contents = self.contents
        return [contents[position] for position in self.postings.positions(name)]

    def contents_only_defining(self, name: str) -> Iterable[int]:
        """Give the ids of the contents that define a name and do not name it else."""
        contents = self.contents
        return [contents[position] for position in self.postings.only_defining(name)]


def packed_contents(contents: Iterable[int]) -> bytes:
    """Give ids as they are kept."""
    return array("q", contents).tobytes()


def unpacked_contents(data: bytes | memoryview) -> Sequence[int]:
    """Give ids that `packed_contents` made."""
    return memoryview(data).cast("q")


def merge(segments: Sequence[Segment], live: Container[int]) -> Segment:
    """Put segments together and leave out contents that no file has any more; its id is 0."""
    numbers = count()
    contents: list[int] = []
    moved: list[list[int]] = []
    for segment in segments:
        kept = [content != NO_CONTENT and content in live for content in segment.contents]
        contents += [c for c, is_kept in zip(segment.contents, kept, strict=True) if is_kept]
        moved.append([next(numbers) if is_kept else -1 for is_kept in kept])
    parts = list(zip(segments, moved, strict=True))
    return Segment(
        id=0,
        contents=unpacked_contents(packed_contents(contents)),
        postings=merge_postings((segment.postings, new) for segment, new in parts),
        symbols=merge_symbol_tables((segment.symbols, new) for segment, new in parts),
    )
