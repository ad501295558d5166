"""How many of the edges of a case are found, and how many of those found are right."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.agreement import Counts
from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.results import Calls, Item, ItemKind
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import SymbolKind
from tests.micro.cases import Case, Edge, Mark, Place
from tests.support.codebases import codebase_of

_CALLABLE_SYMBOLS = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY)
_CALLABLES = (ItemKind.FUNCTION, ItemKind.METHOD, ItemKind.PROPERTY)
_NUMBER = re.compile(r"\[\d+\]")

Query = Callable[[CodebaseView, Target], Calls]


class Way(StrEnum):
    """Which query the edges are taken from."""

    OUT = "outgoing"
    IN = "incoming"


_QUERIES: dict[Way, Query] = {Way.OUT: outgoing, Way.IN: incoming}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came out for one case."""

    case: Case
    wrong: frozenset[Edge]
    missed: frozenset[Edge]

    @property
    def score(self) -> Counts:
        """The counts."""
        n_right = len(self.case.wanted - self.missed)
        return Counts(n_right=n_right, n_wrong=len(self.wrong), n_missed=len(self.missed))


def outcomes_of(cases: Sequence[Case], folder: Path, way: Way) -> tuple[Outcome, ...]:
    """Write all cases below `folder`, each in one of its own; ask for all calls, and compare.

    They are one code base, so that an edge that leads from case to case is found, and is wrong.
    """
    files = {f"{case}/{file}": text for case in cases for file, text in case.files.items()}
    codebase = codebase_of(files, folder)
    return tuple(_outcome(codebase, case, way) for case in cases)


def total(outcomes: Iterable[Outcome]) -> Counts:
    """Count all together."""
    return sum((outcome.score for outcome in outcomes), Counts())


def _outcome(codebase: CodebaseView, case: Case, way: Way) -> Outcome:
    found = frozenset(_edges(codebase, case, way))
    return Outcome(
        case=case,
        wrong=found - case.wanted - case.edges(Mark.ALSO),
        missed=case.wanted - found,
    )


def _edges(codebase: CodebaseView, case: Case, way: Way) -> Iterator[Edge]:
    """Give the edges between named functions and files that start or end in a case."""
    for target in _callers_and_callees(codebase, case):
        calls = _QUERIES[way](codebase, target)
        for call in calls.calls:
            ends = (calls.item, call.item) if way is Way.OUT else (call.item, calls.item)
            if ends[1].kind in _CALLABLES:
                yield Edge(_place(case, ends[0]), _place(case, ends[1]))


def _callers_and_callees(codebase: CodebaseView, case: Case) -> Iterator[Target]:
    resolver = Resolver(codebase)
    for file in (f"{case}/{name}" for name in case.files):
        facts = codebase.facts(file)
        assert facts is not None, file
        yield Target(file, MODULE, "")
        for number, symbol in enumerate(facts.symbols):
            if symbol.kind in _CALLABLE_SYMBOLS:
                yield resolver.target_of(file, number)


def _place(case: Case, item: Item) -> Place:
    """Name an item as the cases do, where definitions of one name are one."""
    return Place(item.file.removeprefix(f"{case}/"), _NUMBER.sub("", item.path))
