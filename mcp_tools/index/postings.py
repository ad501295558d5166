"""Which contents have a name: an inverted index as three flat columns.

Made whole, never changed: one for each batch of files. The names stand in one text, in groups by
their checksums, so that looking one up is a search through a few hundred bytes, and nothing is
made for names that no query asks for. A content is a position in the batch here; `Segment` knows
which content that is.
"""

import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import TypeAlias

import msgspec

from mcp_tools.types.facts import NONE, Facts, Role

_END = b"\n"
_N_GROUPS = 128
_IS_DEFINITION = bytes(role == Role.DEFINITION for role in range(256))
_Places: TypeAlias = dict[str, list[int]]
"""Positions by name."""


class Postings(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """For each name the positions of the contents in which it occurs, ascending."""

    names: bytes
    """In UTF-8, each with a line end before and after it."""
    packed_groups: bytes
    """For each group the line end before its first name, and the number of that name; at the
    end the last line end. Four bytes each."""
    packed_ends: bytes
    """Four bytes for each name: where its positions end."""
    packed_positions: bytes
    """Two bytes each; four if there are more contents than two can tell apart."""
    packed_defining_ends: bytes
    """As `packed_ends`, for the contents in which a name is defined and else not named."""
    packed_defining: bytes

    @cached_property
    def _groups(self) -> Sequence[int]:
        return memoryview(self.packed_groups).cast("I")

    @cached_property
    def _all(self) -> "_Column":
        return _Column(self.packed_ends, self.packed_positions)

    @cached_property
    def _defining(self) -> "_Column":
        return _Column(self.packed_defining_ends, self.packed_defining)

    def positions(self, name: str) -> Sequence[int]:
        """Give the positions of the contents that have a name."""
        return self._all.of(self._number(name))

    def only_defining(self, name: str) -> Sequence[int]:
        """Give the positions of the contents in which a name is defined and else not named."""
        return self._defining.of(self._number(name))

    def rows(self) -> Iterator[tuple[str, Sequence[int], Sequence[int]]]:
        """Give each name with its positions, and those of them at which it is only defined."""
        if self.packed_ends:
            names = self.names.decode("utf-8", "surrogatepass")[1:-1].split("\n")
            for number, name in enumerate(names):
                yield name, self._all.of(number), self._defining.of(number)

    def _number(self, name: str) -> int:
        word = name.encode("utf-8", "surrogatepass")
        group = 2 * _group_of(word)
        start, number, end = self._groups[group : group + 3]
        at = self.names.find(_END + word + _END, start, end + 1)
        return NONE if at < 0 else number + self.names.count(_END, start, at)


class _Column:
    """The positions of all names, one name after the other."""

    def __init__(self, packed_ends: bytes, packed_positions: bytes) -> None:
        self._ends = memoryview(packed_ends).cast("I")
        n_positions = self._ends[-1] if self._ends else 0
        is_short = len(packed_positions) == 2 * n_positions
        self._positions = memoryview(packed_positions).cast("H" if is_short else "I")

    def of(self, number: int) -> Sequence[int]:
        """Give the positions of a name; none for NONE."""
        if number == NONE:
            return ()
        start = self._ends[number - 1] if number else 0
        return self._positions[start : self._ends[number]]


def make_postings(contents: Iterable[Facts]) -> Postings:
    """Give the postings of contents in their order."""
    found: _Places = {}
    defining: _Places = {}
    for position, facts in enumerate(contents):
        for name in occurring_names(facts):
            if name in found:
                found[name].append(position)
            else:
                found[name] = [position]
        for name in _only_defined(facts):
            defining.setdefault(name, []).append(position)
    return _packed(found, defining)


def merge_postings(parts: Iterable[tuple[Postings, Sequence[int]]]) -> Postings:
    """Put postings together; each part says which new position an old one gets, -1 for none."""
    found: _Places = {}
    defining: _Places = {}
    for postings, new_positions in parts:
        for name, positions, defining_positions in postings.rows():
            for places, old in ((found, positions), (defining, defining_positions)):
                if kept := [new for at in old if (new := new_positions[at]) >= 0]:
                    places.setdefault(name, []).extend(kept)
    for places in (found, defining):
        for positions in places.values():
            positions.sort()
    return _packed(found, defining)


def occurring_names(facts: Facts) -> list[str]:
    """Give the names that have an occurrence; a few stand only for modules and types."""
    ends = memoryview(facts.packed_name_ends).cast("I")
    start = 0
    found: list[str] = []
    for name, end in zip(facts.names, ends, strict=True):
        if end > start:
            found.append(name)
        start = end
    return found


def _only_defined(facts: Facts) -> list[str]:
    """Give the names of which each occurrence is a definition."""
    ends = memoryview(facts.packed_name_ends).cast("I")
    n_definitions = Counter(compress(facts.a, facts.roles.translate(_IS_DEFINITION)))
    return [
        facts.names[number]
        for number, n_found in n_definitions.items()
        if n_found == ends[number] - (ends[number - 1] if number else 0)
    ]


def _packed(found: _Places, defining: _Places) -> Postings:
    names, groups, order = bytearray(_END), array("I"), list[str]()
    for words in _grouped(found):
        groups.extend((len(names) - 1, len(order)))
        for word, name in words:
            names += word + _END
            order.append(name)
    groups.append(len(names) - 1)
    ends, positions = _column(order, found)
    defining_ends, defining_positions = _column(order, defining)
    return Postings(
        names=bytes(names),
        packed_groups=groups.tobytes(),
        packed_ends=ends,
        packed_positions=positions,
        packed_defining_ends=defining_ends,
        packed_defining=defining_positions,
    )


def _column(names: Iterable[str], places: _Places) -> tuple[bytes, bytes]:
    last = max((found[-1] for found in places.values()), default=0)
    ends, positions = array("I"), array("H" if last < 1 << 16 else "I")
    for name in names:
        found = places.get(name)
        if found is not None:
            positions.extend(found)
        ends.append(len(positions))
    return ends.tobytes(), positions.tobytes()


def _grouped(names: Iterable[str]) -> list[list[tuple[bytes, str]]]:
    groups: list[list[tuple[bytes, str]]] = [[] for _ in range(_N_GROUPS)]
    for name in names:
        word = name.encode("utf-8", "surrogatepass")
        groups[_group_of(word)].append((word, name))
    return groups


def _group_of(word: bytes) -> int:
    return zlib.crc32(word) % _N_GROUPS
