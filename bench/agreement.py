"""What several servers agree on, and how far an answer is from it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a name starts; line and column from 0, the column in UTF-16 units as in LSP."""

    file: str
    """Relative to the root, with `/`."""
    line: int
    column: int

    def __str__(self) -> str:
        """Write it as editors do, counted from 1."""
        return f"{self.file}:{self.line + 1}:{self.column + 1}"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A definition that references are asked for."""

    kind: str
    path: str
    """Its name path."""
    place: Place

    def __str__(self) -> str:
        """Name it."""
        return f"{self.kind} {self.place.file}:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How answers compare with the truth: places, or edges of a call graph."""

    n_right: int = 0
    n_wrong: int = 0
    n_missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Count both."""
        return Counts(
            n_right=self.n_right + other.n_right,
            n_wrong=self.n_wrong + other.n_wrong,
            n_missed=self.n_missed + other.n_missed,
        )

    @property
    def precision(self) -> float:
        """Of what is in the answer, the share that is right."""
        return self.n_right / ((self.n_right + self.n_wrong) or 1)

    @property
    def recall(self) -> float:
        """Of what is right, the share that is in the answer."""
        return self.n_right / ((self.n_right + self.n_missed) or 1)


def agreed(answers: Mapping[str, Collection[Place]], n_least: int) -> frozenset[Place]:
    """Give the places that at least `n_least` servers have in their answers."""
    votes = Counter(place for places in answers.values() for place in frozenset(places))
    return frozenset(place for place, n_votes in votes.items() if n_votes >= n_least)


def compare(answer: Collection[Place], truth: Collection[Place]) -> Counts:
    """Count what of an answer is true."""
    found, true = frozenset(answer), frozenset(truth)
    return Counts(n_right=len(found & true), n_wrong=len(found - true), n_missed=len(true - found))


def summed(counts: Iterable[Counts]) -> Counts:
    """Count all together."""
    return sum(counts, Counts())
