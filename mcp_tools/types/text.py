"""Offsets, spans and lines of a text, counted in code points.

Everything inside the product counts code points from the start of the document. Lines end at
LF, CRLF or a lone CR and at nothing else: form feed, U+0085, U+2028 and their kin are ordinary
characters, as in the Language Server Protocol (3.17, "Text Documents").
"""

import bisect
import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NewType

Digest = NewType("Digest", str)
"""Hex digest of a text; equal digests mean equal text."""

_LINE_END = re.compile(r"\r\n|\n|\r")


def digest_of(text: str) -> Digest:
    """Give the digest of a text: BLAKE2b over UTF-8, 16 bytes, as hex."""
    data = text.encode("utf-8", "surrogatepass")
    return Digest(hashlib.blake2b(data, digest_size=16).hexdigest())


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of offsets: `start` is in it, `end` is not."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that runs backwards.

        Raises: ValueError.
        """
        if not 0 <= self.start <= self.end:
            raise ValueError(f"expected 0 <= start <= end, got {self.start} and {self.end}")

    def touches(self, other: "Span") -> bool:
        """Tell whether the two spans overlap or meet end to start."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both from 0; the column counts code points."""

    line: int
    column: int


class LineIndex:
    """Where the lines of one text start, and conversion between offsets and places."""

    __slots__ = ("_ends", "_starts", "_text")

    def __init__(self, text: str) -> None:
        """Index `text` once; every later question is a binary search."""
        ends = [(m.start(), m.end()) for m in _LINE_END.finditer(text)]
        self._text = text
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    @property
    def n_lines(self) -> int:
        """How many lines there are; a text that ends in a line end has an empty last one."""
        return len(self._starts)

    def place(self, offset: int) -> Place:
        """Give the place of an offset; beyond the end is the end."""
        offset = max(0, min(offset, len(self._text)))
        line = bisect.bisect_right(self._starts, offset) - 1
        return Place(line, offset - self._starts[line])

    def offset(self, place: Place) -> int:
        """Give the offset of a place; past the end of a line is that line's end."""
        if place.line >= self.n_lines:
            return len(self._text)
        line = max(0, place.line)
        return min(self._starts[line] + max(0, place.column), self._ends[line])

    def line_span(self, line: int, *, with_end: bool = False) -> Span:
        """Give the span of line `line` (from 0), without its line end unless asked for.

        Raises: IndexError if there is no such line.
        """
        if not 0 <= line < self.n_lines:
            raise IndexError(f"line {line} of {self.n_lines}")
        last = line + 1 == self.n_lines
        end = self._starts[line + 1] if with_end and not last else self._ends[line]
        return Span(self._starts[line], end)

    def line_text(self, line: int) -> str:
        """Give the text of line `line` (from 0), without its line end."""
        span = self.line_span(line)
        return self._text[span.start : span.end]


def split_lines(text: str) -> list[str]:
    """Split into lines that keep their ends; joined again they are the text."""
    starts = [0, *(m.end() for m in _LINE_END.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(starts) if a < b]


def newline_of(text: str) -> str:
    """Give the line end that `text` uses most, LF when it has none."""
    n_crlf = text.count("\r\n")
    counts = {"\n": text.count("\n") - n_crlf, "\r\n": n_crlf, "\r": text.count("\r") - n_crlf}
    return max(counts, key=lambda newline: counts[newline])
