"""Search by name over names that stand in one text, a line each.

The number of a name is the number of line ends before it, so a search is one pass over memory
without an object a name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from itertools import accumulate, islice

_BLOCK_CHARS = 4_096
"""Line ends are counted from the start of such a block, not from that of the text."""

_MAX_PLACES = 1_000
"""A query that stands in so many places is looked for in each way for itself, since the first way
may give enough."""


class Match(IntEnum):
    """How a name matches a query, the best first."""

    EQUAL = 0
    PREFIX = 1
    PART = 2
    LETTERS = 3
    """The query's letters in order."""


class Query:
    """A search by name; letters in lower case stand for both cases."""

    def __init__(self, text: str) -> None:
        """Take what was typed; line ends can be in no name, and are left out."""
        self._text = text.replace("\n", "").replace("\r", "")
        self._folded = self._text.lower()
        capitals = enumerate(zip(self._text, self._folded, strict=False))
        self._capitals = [(at, letter) for at, (letter, folded) in capitals if letter != folded]
        self._places: tuple[str, Sequence[int] | None] = ("", ())

    def hits(self, folded: str, match: Match) -> Iterator[tuple[int, int]]:
        """Give the line end before each name in lower case that matches, and where it does."""
        text = self._folded
        if not text:
            return
        if match is Match.LETTERS:
            for found in self._letters.finditer(folded):
                if text not in folded[found.start() : folded.index("\n", found.end())]:
                    yield found.start(), found.start() + 1
        elif match is Match.PART:
            yield from self._inner(folded)
        else:
            is_equal = match is Match.EQUAL
            for at in self._starts(folded, "\n" if is_equal else ""):
                if is_equal == (folded[at + len(text)] == "\n"):
                    yield at - 1, at

    @cached_property
    def _letters(self) -> re.Pattern[str]:
        steps = "".join(rf"[^{re.escape(c)}\n]*+{re.escape(c)}" for c in self._folded)
        return re.compile(rf"\n{steps}")

    def _few_places(self, folded: str) -> Sequence[int] | None:
        """Give all places of the query in a text, found once; None if they are many."""
        if self._places[0] is not folded:
            found = list(islice(_found(self._folded, folded), _MAX_PLACES))
            self._places = (folded, found if len(found) < _MAX_PLACES else None)
        return self._places[1]

    def _starts(self, folded: str, end: str) -> Iterable[int]:
        """Give the places at which names begin with the query, followed by `end`."""
        few = self._few_places(folded)
        if few is not None:
            return (at for at in few if folded[at - 1] == "\n")
        return (at + 1 for at in _found(f"\n{self._folded}{end}", folded))

    def fits_case(self, name: str, at: int, match: Match) -> bool:
        """Tell whether the query's capital letters are met by a name that has it at `at`."""
        if not self._capitals:
            return True
        if match is Match.LETTERS:
            rest = iter(name)
            has_capitals = all(letter in name for _, letter in self._capitals)
            return has_capitals and all(
                any(_fits(asked, letter) for letter in rest) for asked in self._text
            )
        return all(name[at + place] == letter for place, letter in self._capitals)

    def _inner(self, folded: str) -> Iterator[tuple[int, int]]:
        """Give the places within names; a name that begins with the query matches otherwise."""
        prefix = -1
        few = self._few_places(folded)
        for at in _found(self._folded, folded) if few is None else few:
            line_end = folded.rindex("\n", 0, at)
            if line_end + 1 == at:
                prefix = line_end
            elif line_end != prefix:
                yield line_end, at


class Lines:
    """Names, each with a line end before and after it."""

    def __init__(self, names: str) -> None:
        """Take the text; it begins and ends with a line end."""
        self._names = names
        self._folded = names.lower()
        self._is_aligned = len(self._folded) == len(names)

    def search(self, query: Query, match: Match, max_hits: int) -> list[tuple[int, str]]:
        """Give the numbers and names of the first lines that match in just this way."""
        folded = self._folded
        found: list[tuple[int, str]] = []
        number, counted, last = 0, 0, -1
        for line_end, at in query.hits(folded, match):
            if line_end == last:
                continue  # The name was found by an earlier part of it.
            name = self._name_at(line_end + 1)
            if query.fits_case(name, at - line_end - 1, match):
                block = line_end // _BLOCK_CHARS
                if block > counted // _BLOCK_CHARS:
                    number, counted = self._n_before[block], block * _BLOCK_CHARS
                number += folded.count("\n", counted, line_end)
                counted = last = line_end
                found.append((number, name))
                if len(found) >= max_hits:
                    break
        return found

    @cached_property
    def _n_before(self) -> Sequence[int]:
        """How many line ends are before each block of the text."""
        starts = range(0, len(self._folded), _BLOCK_CHARS)
        counts = (self._folded.count("\n", start, start + _BLOCK_CHARS) for start in starts)
        return tuple(accumulate(counts, initial=0))

    def _name_at(self, start: int) -> str:
        if self._is_aligned:
            return self._names[start : self._names.index("\n", start)]
        # A few letters are longer in lower case.
        number = self._folded.count("\n", 0, start) - 1
        return self._names[1:].split("\n", number + 1)[number]


def _fits(asked: str, letter: str) -> bool:
    return asked in (letter, letter.lower())


def _found(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)
