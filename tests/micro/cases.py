"""The cases of the suite, read from their files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.support.projects import project_files

FOLDER = Path(__file__).parent / "cases"
MAIN = "main.py"

_CASE = re.compile(r"^=== (?P<name>\w+)(?: \(not run: (?P<not_run>[^)]+)\))?\n", re.M)
_EDGE = re.compile(r"(?P<caller>\S+) -> (?P<callee>\S+)(?:  # (?P<mark>\w+)(?:: (?P<reason>.+))?)?")
_END_OF_FILES = "--- edges\n"


class Mark(StrEnum):
    """What is special about an edge."""

    PLAIN = "plain"
    """It happens, and is asked for."""
    STATIC = "static"
    """It is asked for, though no run shows it."""
    ALSO = "also"
    """It happens, but is not asked for; it counts neither way."""
    HARD = "hard"
    """It happens and is asked for, and is known to be out of reach."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A function by its name path, or the top of a file by an empty one."""

    file: str
    path: str

    def __str__(self) -> str:
        """Write it as in the cases."""
        return self.path if self.path and self.file == MAIN else f"{self.file}:{self.path}"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One function calls another."""

    caller: Place
    callee: Place

    def __str__(self) -> str:
        """Write it as in the cases."""
        return f"{self.caller} -> {self.callee}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One program with its edges."""

    category: str
    name: str
    not_run: str
    """Why it cannot be run; empty if it can."""
    files: dict[str, str]
    marks: dict[Edge, Mark]

    def edges(self, *marks: Mark) -> frozenset[Edge]:
        """Give the edges that have one of the marks."""
        return frozenset(edge for edge, mark in self.marks.items() if mark in marks)

    @property
    def wanted(self) -> frozenset[Edge]:
        """The edges that are asked for."""
        return self.edges(Mark.PLAIN, Mark.STATIC, Mark.HARD)

    def __str__(self) -> str:
        """Name it."""
        return f"{self.category}/{self.name}"


def all_cases() -> tuple[Case, ...]:
    """Read all cases, sorted by category; within one, in the order of the file."""
    return tuple(
        case
        for path in sorted(FOLDER.glob("*.txt"))
        for case in parse_cases(path.stem, path.read_text(encoding="utf-8"))
    )


def parse_cases(category: str, text: str) -> Iterator[Case]:
    """Read the cases of one text."""
    parts = _CASE.split(text)[1:]
    for name, not_run, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        program, _, edges = body.partition(_END_OF_FILES)
        yield Case(
            category=category,
            name=name,
            not_run=not_run or "",
            files=project_files(program),
            marks=dict(_edge(line) for line in edges.splitlines() if line),
        )


def _edge(line: str) -> tuple[Edge, Mark]:
    match = _EDGE.fullmatch(line)
    if match is None:
        raise ValueError(f"not an edge: {line!r}")
    mark = Mark(match["mark"] or Mark.PLAIN)
    if (mark is Mark.HARD) != bool(match["reason"]):
        raise ValueError(f"a hard edge has a reason, and no other has one: {line!r}")
    return Edge(_place(match["caller"]), _place(match["callee"])), mark


def _place(text: str) -> Place:
    file, colon, path = text.rpartition(":")
    return Place(file, path) if colon else Place(MAIN, text)
