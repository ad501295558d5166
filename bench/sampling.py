"""Definitions of a code base that questions are asked about, always the same ones."""

import random
from collections.abc import Iterator, Sequence

from bench.agreement import Place, Subject
from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import Facts, SymbolKind

N_LEAST, N_MOST = 3, 400
"""How often the name of a definition occurs in the code base, whatever it means there."""
USED_UNNAMED = ("__", "test", "setUp", "tearDown")
KINDS = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS)


def sample(codebase: CodebaseView, n_each: int, seed: int) -> tuple[Subject, ...]:
    """Pick as many functions, methods and classes each, by chance.

    Equal seeds give equal samples of equal trees. Left out is what is used without being named:
    names with two underscores in front, tests and their preparation; and all but the first of
    several definitions of one name in one place.
    """
    chance = random.Random(seed)
    candidates = list(_candidates(codebase))
    chance.shuffle(candidates)
    picked: list[Subject] = []
    for kind in KINDS:
        fitting = (
            _subject(codebase, file, symbol)
            for found, file, symbol, name in candidates
            if found == kind and N_LEAST <= n_occurrences(codebase, name) <= N_MOST
        )
        picked += [subject for subject, _ in zip(fitting, range(n_each), strict=False)]
    return tuple(picked)


def n_occurrences(codebase: CodebaseView, name: str) -> int:
    """Count how often a name occurs in the workspace; more than N_MOST are not counted on."""
    n_found = 0
    for file in codebase.files_with(name):
        facts = codebase.facts(file)
        n_found += len(facts.occurrences(name)) if facts else 0
        if n_found > N_MOST:
            break
    return n_found


def probes(codebase: CodebaseView, subjects: Sequence[Subject], n_probes: int) -> list[Subject]:
    """Give the subjects that most files should name: what a server that is ready knows much of.

    They are at the top of their files, since a name in a class or function may be a common one.
    """
    at_top = [subject for subject in subjects if "/" not in subject.path]
    counts = {subject: len(codebase.files_with(subject.path)) for subject in at_top}
    return sorted(at_top, key=lambda subject: -counts[subject])[:n_probes]


def utf16_column(text: str, offset: int) -> int:
    """Give the column of an offset in UTF-16 units; lines end at LF here."""
    start = text.rfind("\n", 0, offset) + 1
    return len(text[start:offset].encode("utf-16-le")) // 2


def _candidates(codebase: CodebaseView) -> Iterator[tuple[SymbolKind, str, int, str]]:
    for file in codebase.files():
        facts: Facts | None = codebase.facts(file)
        for number, symbol in enumerate(facts.symbols if facts else ()):
            name = facts.names[symbol.name] if facts else ""
            if symbol.kind in KINDS and not symbol.n_same and not name.startswith(USED_UNNAMED):
                yield symbol.kind, file, number, name


def _subject(codebase: CodebaseView, file: str, symbol: int) -> Subject:
    view = view_file(codebase, file)
    assert isinstance(view, FileView)  # The candidates come from its facts.
    row = view.facts.symbols[symbol]
    column = utf16_column(codebase.document(file).text, row.name_start)
    place = Place(file, view.place(row.name_start).line, column)
    return Subject(row.kind.value, view.path(symbol), place)
