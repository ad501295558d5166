"""From bytes of UTF-8 to code points, and where lines start."""

import re
from array import array
from bisect import bisect_left
from itertools import accumulate

_LONE_RETURN = re.compile(r"\r(?!\n)")
_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTINUATION = re.compile(rb"[\x80-\xbf]")
"""A byte that no code point starts with."""


def source_of(text: str) -> bytes:
    """Give what tree-sitter is to parse: as many code points as the text has, in UTF-8.

    A lone CR ends a line for us, but not for the grammar. A lone surrogate becomes `?`.
    """
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    return text.encode("utf-8", "replace")


class CodePoints:
    """How many code points stand before a byte of a text."""

    __slots__ = ("_continuations",)

    def __init__(self, source: bytes) -> None:
        """Find where bytes and code points differ."""
        is_same = source.isascii()
        self._continuations = (
            [] if is_same else [match.start() for match in _CONTINUATION.finditer(source)]
        )

    def of(self, offset: int) -> int:
        """Give the code points before one byte."""
        continuations = self._continuations
        return offset - bisect_left(continuations, offset) if continuations else offset

    def of_each(self, offsets: list[int]) -> list[int]:
        """Give the code points before each of many bytes."""
        continuations = self._continuations
        if not continuations:
            return offsets
        return [offset - bisect_left(continuations, offset) for offset in offsets]


def line_starts(text: str) -> bytes:
    """Give where each line starts, in code points, packed."""
    if "\r" in text:
        starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    else:
        lengths = map(len, text.split("\n"))
        starts = list(accumulate(map((1).__add__, lengths), initial=0))[:-1]
    return array("I", starts).tobytes()
