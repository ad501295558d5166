"""Definitions that nothing refers to."""

import re
from dataclasses import dataclass

from mcp_tools.code.navigation.dispatch import Dispatch
from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.items import symbol_item
from mcp_tools.code.navigation.occurrences import owner_of
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView, IndexState
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.facts import MODULE_SCOPE, Op, Role, Symbol, SymbolKind
from mcp_tools.types.text import Span

MAX_RESOLVED = 100_000
"""Occurrences that are looked at for one answer."""

_CHECKED_KINDS = frozenset(
    {
        SymbolKind.CLASS,
        SymbolKind.FUNCTION,
        SymbolKind.METHOD,
        SymbolKind.PROPERTY,
        SymbolKind.VARIABLE,
        SymbolKind.CONSTANT,
        SymbolKind.TYPE_ALIAS,
    }
)
_HARMLESS_DECORATORS = frozenset(
    {
        "abstractmethod",
        "cache",
        "cached_property",
        "classmethod",
        "contextmanager",
        "asynccontextmanager",
        "dataclass",
        "deleter",
        "final",
        "lru_cache",
        "override",
        "property",
        "setter",
        "staticmethod",
        "total_ordering",
        "wraps",
    }
)
_TEST_NAME = re.compile(r"test_|Test|setUp|tearDown|setup|teardown|pytest_")
_DECLARING_ROLES = frozenset({Role.DEFINITION, Role.DECLARE})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadSymbol:
    """A definition without a reference."""

    item: Item
    n_textual: int
    """Places with its name whose meaning is not known; with any it may be used all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadSymbols:
    """Definitions without a reference."""

    symbols: tuple[DeadSymbol, ...]
    """Sorted by file and offset."""
    is_complete: bool
    """All files were looked at; if not, those from `next_file` on are missing."""
    next_file: str
    """Empty if the answer is complete."""
    n_files: int
    """Files that were looked at."""
    state: IndexState


def dead_symbols(
    codebase: CodebaseView, below: str = "", *, max_resolved: int = MAX_RESOLVED
) -> DeadSymbols:
    """Find functions, methods, classes and module variables that nothing refers to.

    `below` is a file or a folder. Uses within the definition itself do not count. Left out is what
    may be used from outside: names with two underscores at both ends, those in `__all__` or
    `pyproject.toml`, tests, methods that override something or are overridden or whose class has
    unknown bases, and what a decorator other than the usual ones may have registered.
    """
    checker = _Checker(codebase, max_resolved)
    found: list[DeadSymbol] = []
    files = [file for file in codebase.files() if _is_below(file, below)]
    for index, file in enumerate(files):
        view = view_file(codebase, file)
        dead = checker.dead_in(view) if view else []
        if dead is None:
            return _answer(codebase, found, index, file)
        found += dead
    return _answer(codebase, found, len(files), "")


def _answer(
    codebase: CodebaseView, found: list[DeadSymbol], n_files: int, next_file: str
) -> DeadSymbols:
    return DeadSymbols(
        symbols=tuple(found),
        is_complete=not next_file,
        next_file=next_file,
        n_files=n_files,
        state=codebase.state(),
    )


class _Checker:
    """Looks for a use of each definition, and counts what that costs."""

    def __init__(self, codebase: CodebaseView, max_resolved: int) -> None:
        self._codebase = codebase
        self._resolver = Resolver(codebase)
        self._dispatch = Dispatch(codebase, self._resolver)
        self._left = max_resolved
        self._project_text = _project_text(codebase)

    def dead_in(self, view: FileView) -> list[DeadSymbol] | None:
        """Give the dead definitions of a file; None if there is no budget left for it."""
        found: list[DeadSymbol] = []
        exported = set(view.facts.exports or ())
        for symbol, row in enumerate(view.facts.symbols):
            if self._left <= 0:
                return None
            if row.kind not in _CHECKED_KINDS or row.name in exported or row.n_same:
                continue
            if self._may_be_used_from_outside(view, symbol, row):
                continue
            target = self._resolver.target_of(view.file, symbol)
            n_textual = self._count_textual(target, view, row)
            if n_textual is not None:
                item = symbol_item(view, symbol, target)
                found.append(DeadSymbol(item=item, n_textual=n_textual))
        return found

    def _may_be_used_from_outside(self, view: FileView, symbol: int, row: Symbol) -> bool:
        name = view.symbol_name(symbol)
        if name == "_" or (name.startswith("__") and name.endswith("__")):
            return True
        if _TEST_NAME.match(name) or _is_registered(view, row):
            return True
        if re.search(rf"[:.]{re.escape(name)}\b", self._project_text):
            return True
        if row.scope == MODULE_SCOPE:
            return False
        target = self._resolver.target_of(view.file, symbol)
        owner = owner_of(self._codebase, self._resolver, target)
        if owner is None or row.kind in (SymbolKind.VARIABLE, SymbolKind.CONSTANT):
            # Variables of a class are often read by what its class is made with.
            return True
        if not self._resolver.is_mro_known(owner) or self._dispatch.overridden(target):
            return True
        return bool(self._dispatch.overrides(target))

    def _count_textual(self, target: Target, view: FileView, row: Symbol) -> int | None:
        """Count the places that may be a use; None as soon as one is."""
        n_textual = 0
        own = Span(row.start, row.end)
        others = (file for file in self._codebase.files_with(target.name) if file != view.file)
        for file in (view.file, *others):
            facts = self._codebase.facts(file)
            if facts is None:
                continue
            for term in facts.occurrences(target.name):
                if file == view.file and own.start <= facts.starts[term] < own.end:
                    continue
                if facts.roles[term] in _DECLARING_ROLES or facts.ops[term] == Op.KEYWORD:
                    continue
                self._left -= 1
                resolution = self._resolver.resolve(file, term)
                if target in resolution.targets and facts.roles[term] != Role.WRITE:
                    return None
                n_textual += not resolution.targets
        return n_textual


def _is_registered(view: FileView, row: Symbol) -> bool:
    facts = view.facts
    for term in row.decorators:
        named = facts.a[term] if facts.ops[term] == Op.CALL else term
        if facts.ops[named] not in (Op.NAME, Op.ATTRIBUTE):
            return True
        if view.name(named) not in _HARMLESS_DECORATORS:
            return True
    return False


def _project_text(codebase: CodebaseView) -> str:
    """Give the text that names entry points."""
    try:
        return codebase.snapshot.read(codebase.root / "pyproject.toml").text
    except ExpectedError:
        return ""


def _is_below(file: str, folder: str) -> bool:
    folder = folder.strip("/")
    return folder in ("", ".") or file == folder or file.startswith(f"{folder}/")
