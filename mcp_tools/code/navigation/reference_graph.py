"""Which files name what other files define, as a weighted graph.

It is made from names alone, without resolving them: a name that several files define counts for
each of them, but less. A bare name counts where an import brings it in, an attribute always, since
its object may be anything. That is quick enough for a whole code base, and right enough to rank it.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import MODULE_SCOPE, Facts, Op, ScopeKind, SymbolKind

_RANKED_KINDS = frozenset(
    {
        SymbolKind.CLASS,
        SymbolKind.FUNCTION,
        SymbolKind.METHOD,
        SymbolKind.PROPERTY,
        SymbolKind.CONSTANT,
        SymbolKind.TYPE_ALIAS,
    }
)
_MAX_DEFINERS = 20
"""A name that more files define says nothing about any of them."""
_PRIVATE_WEIGHT = 0.1
_BUILTIN_METHODS = frozenset(
    name for kind in (str, bytes, list, dict, set, tuple, int) for name in dir(kind)
)
"""Attributes of these names are mostly not those of the code base."""
_SHORT_NAME = 4
_SHORT_WEIGHT = 0.1
"""A name of a few letters is often that of something else."""
_SINGLE_WORD_WEIGHT = 0.3
"""So is, less often, a single word in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceGraph:
    """The graph of a code base at one revision."""

    revision: int
    files: Sequence[str]
    names: Sequence[str]
    sources: Sequence[int]
    """Columns: one entry an edge, grouped by source."""
    destinations: Sequence[int]
    edge_names: Sequence[int]
    weights: Sequence[float]

    def edges(self) -> Iterator[tuple[int, int, int, float]]:
        """Give source, destination, name and weight of each edge."""
        return zip(self.sources, self.destinations, self.edge_names, self.weights, strict=True)


def reference_graph(codebase: CodebaseView) -> ReferenceGraph:
    """Give the graph of a code base; remembered until a file changes."""
    remembered = codebase.memory.get("navigation.reference_graph", dict[str, ReferenceGraph])
    graph = remembered.get("graph")
    if graph is None or graph.revision != codebase.revision:
        graph = _made(codebase)
        remembered["graph"] = graph
    return graph


def is_ranked(facts: Facts, symbol: int) -> bool:
    """Tell whether a symbol is one that other files may name: no local of a function."""
    row = facts.symbols[symbol]
    return row.kind in _RANKED_KINDS and facts.scopes[row.scope].kind in (
        ScopeKind.MODULE,
        ScopeKind.CLASS,
    )


@dataclass(frozen=True, slots=True)
class _Definers:
    """The files that define a name, by their numbers."""

    tops: list[int]
    """At the top of the file."""
    members: list[int]
    """In a class only."""

    def __len__(self) -> int:
        return len(self.tops) + len(self.members)


def _made(codebase: CodebaseView) -> ReferenceGraph:
    files = list(codebase.files())
    definers = _telling_definers(codebase, files)
    numbers = {name: number for number, name in enumerate(definers)}
    sources, destinations, edge_names, weights = array("I"), array("I"), array("I"), array("d")
    for source, file in enumerate(files):
        facts = codebase.facts(file)
        if facts is None:
            continue
        for name in facts.names:
            if name not in definers:
                continue
            for destination, weight in _links(facts, name, definers[name]):
                if destination != source:
                    sources.append(source)
                    destinations.append(destination)
                    edge_names.append(numbers[name])
                    weights.append(weight)
    return ReferenceGraph(
        revision=codebase.revision,
        files=files,
        names=list(definers),
        sources=sources,
        destinations=destinations,
        edge_names=edge_names,
        weights=weights,
    )


def _links(facts: Facts, name: str, defined: _Definers) -> Iterator[tuple[int, float]]:
    """Give the files that a file names by one name, each with the weight of that."""
    n_bare, n_attributes = _count(facts, name)
    if n_bare + n_attributes:
        weight = _weight(name, n_bare + n_attributes, len(defined))
        yield from ((file, weight) for file in defined.tops)
    if n_attributes:
        weight = _weight(name, n_attributes, len(defined))
        yield from ((file, weight) for file in defined.members)


def _telling_definers(codebase: CodebaseView, files: Sequence[str]) -> dict[str, _Definers]:
    """Give the definers of the names that say something about who defines them."""
    definers: defaultdict[str, _Definers] = defaultdict(lambda: _Definers([], []))
    for number, file in enumerate(files):
        facts = codebase.facts(file)
        if facts is None:
            continue
        ranked = [row for i, row in enumerate(facts.symbols) if is_ranked(facts, i)]
        tops = {row.name for row in ranked if row.scope == MODULE_SCOPE}
        for name in tops:
            definers[facts.names[name]].tops.append(number)
        for name in {row.name for row in ranked} - tops:
            definers[facts.names[name]].members.append(number)
    return {
        name: defined
        for name, defined in definers.items()
        if len(defined) <= _MAX_DEFINERS and not name.startswith("__")
    }


def _count(facts: Facts, name: str) -> tuple[int, int]:
    """Count the bare names, if they are imported, and the attributes of one name."""
    ops = bytes(facts.ops[term] for term in facts.occurrences(name))
    n_imports = ops.count(Op.IMPORTED)
    n_bare = n_imports + ops.count(Op.NAME) if n_imports else 0
    return n_bare, 0 if name in _BUILTIN_METHODS else ops.count(Op.ATTRIBUTE)


def _weight(name: str, count: int, n_definers: int) -> float:
    telling = _PRIVATE_WEIGHT if name.startswith("_") else 1.0
    if len(name) < _SHORT_NAME:
        telling *= _SHORT_WEIGHT
    elif name.islower() and "_" not in name:
        telling *= _SINGLE_WORD_WEIGHT
    return telling * sqrt(count) / n_definers
