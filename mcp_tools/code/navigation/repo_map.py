"""The most important definitions of a code base, in as many tokens as there is room for.

Files are ranked by PageRank on who names whose definitions, with a preference for the files and
words of a task; each definition then gets its part of the ranks of the files that name it.
Source: the idea of aider's repository map (Gauthier, 2023); the code is our own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.items import symbol_item
from mcp_tools.code.navigation.page_rank import page_rank
from mcp_tools.code.navigation.reference_graph import (
    ReferenceGraph,
    is_ranked,
    reference_graph,
)
from mcp_tools.code.navigation.results import Item
from mcp_tools.code.navigation.signature import Signatures, signatures_in
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.types.codebase import CodebaseView, IndexState
from mcp_tools.types.facts import NONE

CHARS_A_TOKEN = 4
"""An estimate for source code; models differ."""

_MIN_LINE_TOKENS = 4
_MAX_SYMBOLS = 2000
_FILE_PREFERENCE = 20.0
_WORD_PREFERENCE = 2.0
_WORD_BOOST = 10.0
_MIN_WORD_CHARS = 3
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoMapWish:
    """What a map is for."""

    files: tuple[str, ...] = ()
    """Files, as in `CodebaseView`, or folders, that the task is about."""
    words: str = ""
    """The task in words; the names in it are preferred."""
    max_tokens: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedFile:
    """A file of the map and what is shown of it."""

    file: str
    items: tuple[Item, ...]
    """In the order of the text, with the signature as detail; what they are in is among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoMap:
    """A map of a code base."""

    text: str
    """Each file's path, and below it the signatures, indented like the code."""
    files: tuple[MappedFile, ...]
    """The most important first."""
    n_tokens: int
    """Estimated, at CHARS_A_TOKEN."""
    n_files: int
    """Files that were ranked."""
    state: IndexState


def repo_map(codebase: CodebaseView, wish: RepoMapWish) -> RepoMap:
    """Draw the map of a code base, fitted to the tokens of the wish."""
    graph = reference_graph(codebase)
    chosen = _ranked_symbols(codebase, graph, wish)
    page = _Page(codebase)
    max_chars = wish.max_tokens * CHARS_A_TOKEN
    # The text grows with each symbol, so the largest number that fits can be searched for.
    low, high = 0, len(chosen)
    while low < high:
        middle = (low + high + 1) // 2
        if page.n_chars(chosen[:middle]) <= max_chars:
            low = middle
        else:
            high = middle - 1
    files = page.files(chosen[:low])
    text = page.text(files)
    return RepoMap(
        text=text,
        files=files,
        n_tokens=-(-len(text) // CHARS_A_TOKEN),
        n_files=len(graph.files),
        state=codebase.state(),
    )


_Chosen = tuple[str, int]
"""A file and a symbol of it."""


def _ranked_symbols(
    codebase: CodebaseView, graph: ReferenceGraph, wish: RepoMapWish
) -> list[_Chosen]:
    words = {word for word in _WORD.findall(wish.words) if len(word) >= _MIN_WORD_CHARS}
    ranks = page_rank(
        len(graph.files),
        zip(graph.sources, graph.destinations, graph.weights, strict=True),
        _preferred(graph, wish, words),
    )
    limit = min(_MAX_SYMBOLS, wish.max_tokens // _MIN_LINE_TOKENS)
    chosen: dict[_Chosen, None] = {}
    for file, name in _ranked_names(graph, ranks, words):
        chosen.update(dict.fromkeys(_symbols_named(codebase, file, name)))
        if len(chosen) >= limit:
            return list(chosen)[:limit]
    by_rank = sorted(range(len(ranks)), key=lambda file: (-ranks[file], file))
    for file in by_rank:
        chosen.update(dict.fromkeys(_top_symbols(codebase, graph.files[file])))
        if len(chosen) >= limit:
            break
    return list(chosen)[:limit]


def _preferred(graph: ReferenceGraph, wish: RepoMapWish, words: set[str]) -> dict[int, float]:
    preferred: defaultdict[int, float] = defaultdict(float)
    wanted = tuple(path.strip("/") for path in wish.files)
    lower_words = {word.lower() for word in words}
    for number, file in enumerate(graph.files):
        if any(file == path or file.startswith(f"{path}/") for path in wanted):
            preferred[number] += _FILE_PREFERENCE
        path_words = _WORD.findall(file.lower())
        preferred[number] += _WORD_PREFERENCE * len(lower_words.intersection(path_words))
    named = {number for number, name in enumerate(graph.names) if name in words}
    definitions = {
        (destination, name)
        for destination, name in zip(graph.destinations, graph.edge_names, strict=True)
        if name in named
    }
    for destination, _ in definitions:
        preferred[destination] += _WORD_PREFERENCE
    return {number: weight for number, weight in preferred.items() if weight}


def _ranked_names(
    graph: ReferenceGraph, ranks: Sequence[float], words: set[str]
) -> Iterator[tuple[str, str]]:
    """Give files and names that they define, by their part of the ranks of who names them."""
    totals = [0.0] * len(graph.files)
    for source, weight in zip(graph.sources, graph.weights, strict=True):
        totals[source] += weight
    scores: defaultdict[tuple[int, int], float] = defaultdict(float)
    for source, destination, name, weight in graph.edges():
        scores[destination, name] += ranks[source] * weight / totals[source]
    for destination, name in scores:
        if graph.names[name] in words:
            scores[destination, name] *= _WORD_BOOST
    for destination, name in sorted(scores, key=lambda key: (-scores[key], key)):
        yield graph.files[destination], graph.names[name]


def _symbols_named(codebase: CodebaseView, file: str, name: str) -> Iterator[_Chosen]:
    facts = codebase.facts(file)
    number = facts.name_numbers.get(name) if facts else None
    if facts is None or number is None:
        return
    for symbol, row in enumerate(facts.symbols):
        if row.name == number and is_ranked(facts, symbol):
            yield file, symbol


def _top_symbols(codebase: CodebaseView, file: str) -> Iterator[_Chosen]:
    facts = codebase.facts(file)
    for symbol in range(len(facts.symbols) if facts else 0):
        if facts and facts.symbols[symbol].parent == NONE and is_ranked(facts, symbol):
            yield file, symbol


class _Page:
    """Sets the text of a map, and remembers the lines from one trial to the next."""

    def __init__(self, codebase: CodebaseView) -> None:
        self._codebase = codebase
        self._resolver = Resolver(codebase)
        self._views: dict[str, FileView | None] = {}
        self._signatures: dict[str, Signatures] = {}
        self._items: dict[_Chosen, Item] = {}

    def files(self, chosen: Sequence[_Chosen]) -> tuple[MappedFile, ...]:
        """Give what is shown, files in the order of their first symbol."""
        by_file: dict[str, set[int]] = {}
        for file, symbol in chosen:
            by_file.setdefault(file, set()).update(self._with_parents(file, symbol))
        return tuple(
            MappedFile(
                file=file, items=tuple(self._item(file, symbol) for symbol in sorted(symbols))
            )
            for file, symbols in by_file.items()
        )

    def text(self, files: Sequence[MappedFile]) -> str:
        """Write the files one below the other."""
        return "".join(self._block(each) for each in files)

    def n_chars(self, chosen: Sequence[_Chosen]) -> int:
        """Count the characters of the text."""
        return len(self.text(self.files(chosen)))

    def _block(self, mapped: MappedFile) -> str:
        lines = [mapped.file]
        for item in mapped.items:
            indent = "  " * (1 + item.path.count("/"))
            lines.append(f"{indent}{item.detail or item.name}")
        return "\n".join(lines) + "\n"

    def _with_parents(self, file: str, symbol: int) -> Iterator[int]:
        view = self._view(file)
        while view is not None and symbol != NONE:
            yield symbol
            symbol = view.facts.symbols[symbol].parent

    def _view(self, file: str) -> FileView | None:
        if file not in self._views:
            self._views[file] = view_file(self._codebase, file)
        return self._views[file]

    def _item(self, file: str, symbol: int) -> Item:
        key = (file, symbol)
        if key not in self._items:
            view = self._view(file)
            assert view is not None  # A symbol of it has been found.
            if file not in self._signatures:
                self._signatures[file] = signatures_in(self._codebase, view)
            self._items[key] = symbol_item(
                view,
                symbol,
                self._resolver.target_of(file, symbol),
                detail=self._signatures[file].of(symbol),
            )
        return self._items[key]
