"""Which contents have a name: an inverted index as three flat columns.

Made whole, never changed: one for each batch of files. The names stand in one text, so that
looking one up is a single search through memory, and nothing is made for names that no query
asks for. A content is a position in the batch here; `Segment` knows which content that is.
"""

from array import array
from collections.abc import Iterable, Sequence

import msgspec

from mcp_tools.types.facts import Facts

_END = b"\n"


class Postings(msgspec.Struct, frozen=True, array_like=True):
    """For each name the positions of the contents in which it occurs, ascending."""

    names: bytes
    """In UTF-8, each with a line end before and after it."""
    packed_ends: bytes
    """Four bytes for each name: where its positions end."""
    packed_positions: bytes
    """Two bytes each; four if there are more contents than two can tell apart."""

    def positions(self, name: str) -> Sequence[int]:
        """Give the positions of the contents that have a name."""
        at = self.names.find(_END + name.encode("utf-8", "surrogatepass") + _END)
        if at < 0:
            return ()
        number = self.names.count(_END, 0, at)
        ends = memoryview(self.packed_ends).cast("I")
        start = ends[number - 1] if number else 0
        return _unpacked(self.packed_positions, ends[-1])[start : ends[number]]


def make_postings(contents: Iterable[Facts]) -> Postings:
    """Give the postings of contents in their order."""
    found: dict[str, list[int]] = {}
    for position, facts in enumerate(contents):
        for name in occurring_names(facts):
            if name in found:
                found[name].append(position)
            else:
                found[name] = [position]
    return _packed(found)


def merge_postings(parts: Iterable[tuple[Postings, Sequence[int]]]) -> Postings:
    """Put postings together; each part says which new position an old one gets, -1 for none."""
    found: dict[str, list[int]] = {}
    for postings, new_positions in parts:
        start = 0
        ends = memoryview(postings.packed_ends).cast("I")
        positions = _unpacked(postings.packed_positions, ends[-1] if ends else 0)
        for name, end in zip(_names(postings), ends, strict=True):
            kept = [new for at in positions[start:end] if (new := new_positions[at]) >= 0]
            start = end
            if kept:
                found.setdefault(name, []).extend(kept)
    return _packed({name: sorted(found[name]) for name in found})


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


def _names(postings: Postings) -> list[str]:
    if not postings.packed_ends:
        return []
    return postings.names.decode("utf-8", "surrogatepass")[1:-1].split("\n")


def _packed(found: dict[str, list[int]]) -> Postings:
    last = max((places[-1] for places in found.values()), default=0)
    ends, positions = array("I"), array("H" if last < 1 << 16 else "I")
    for places in found.values():
        positions.extend(places)
        ends.append(len(positions))
    names = "".join(f"\n{name}" for name in found) + "\n"
    return Postings(
        names=names.encode("utf-8", "surrogatepass"),
        packed_ends=ends.tobytes(),
        packed_positions=positions.tobytes(),
    )


def _unpacked(packed: bytes, n_positions: int) -> Sequence[int]:
    return memoryview(packed).cast("H" if len(packed) == 2 * n_positions else "I")
