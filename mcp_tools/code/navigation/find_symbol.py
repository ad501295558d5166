"""Symbols by name: name paths first, then names that are alike."""

from collections.abc import Sequence

from mcp_tools.code.navigation.file_view import view_file
from mcp_tools.code.navigation.items import symbol_item
from mcp_tools.code.navigation.name_paths import NamePath
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.types.codebase import CodebaseView, SymbolHit
from mcp_tools.types.facts import SymbolKind

_MAX_SAME_NAME = 5000
"""Definitions of one name that are looked at for one whose path matches."""
_LEAST_HITS = 50


def find_symbol(
    codebase: CodebaseView, query: str, *, limit: int = 50, in_file: str | None = None
) -> tuple[Item, ...]:
    """Find definitions by a name path, best first.

    Those whose path matches come first; after them, if `query` is one name without a leading
    `/`, names that start with it, have it in them, or have its letters in order.
    """
    wanted = NamePath.parse(query)
    if not wanted.parts:
        return ()
    if in_file is not None:
        return symbols_in(codebase, in_file, wanted, is_loose=True)[:limit]
    is_loose = len(wanted.parts) == 1 and not wanted.anchor
    if not is_loose:
        return exact_symbols(codebase, wanted)[:limit]
    hits = _hits(codebase, wanted, limit)
    exact = _exact(codebase, wanted, hits)
    near = [hit for hit in hits if hit.name != wanted.name]
    return (*exact, *_items(codebase, near[: max(0, limit - len(exact))]))[:limit]


def exact_symbols(codebase: CodebaseView, wanted: NamePath) -> tuple[Item, ...]:
    """Give all definitions whose name path matches, sorted by file and offset."""
    if not wanted.parts:
        return ()
    hits = [] if _is_waiting(codebase) else _hits(codebase, wanted, _MAX_SAME_NAME)
    exact = _exact(codebase, wanted, hits)
    return tuple(sorted(exact, key=lambda item: (item.file, item.name_span.start)))


def symbols_in(
    codebase: CodebaseView, file: str, wanted: NamePath, *, is_loose: bool = False
) -> tuple[Item, ...]:
    """Give the definitions of one file whose name path matches, in the order of the text.

    With `is_loose`, names that have the wanted one in them follow, in whatever case.
    """
    view = view_file(codebase, file)
    if view is None or not wanted.parts:
        return ()
    resolver = Resolver(codebase)
    part = wanted.name.lower()
    exact: list[Item] = []
    near: list[Item] = []
    for symbol, row in enumerate(view.facts.symbols):
        if row.kind == SymbolKind.LAMBDA or part not in view.symbol_name(symbol).lower():
            continue
        is_exact = wanted.matches(view.path(symbol))
        if is_exact or is_loose:
            item = symbol_item(view, symbol, resolver.target_of(file, symbol))
            (exact if is_exact else near).append(item)
    return (*exact, *near)


def _hits(codebase: CodebaseView, wanted: NamePath, limit: int) -> list[SymbolHit]:
    hits = codebase.find_symbols(wanted.name, max(limit, _LEAST_HITS))
    return [hit for hit in hits if hit.kind != SymbolKind.LAMBDA]


def _exact(codebase: CodebaseView, wanted: NamePath, hits: Sequence[SymbolHit]) -> tuple[Item, ...]:
    # A hit does not tell which of several of one name it is; its item does.
    above = wanted.above
    same = [hit for hit in hits if hit.name == wanted.name and above.ends(hit.container)]
    found = tuple(item for item in _items(codebase, same) if wanted.matches(item.path))
    if found and not _is_waiting(codebase):
        return found
    # The search by name does not know files that were not read yet; this one reads them.
    files = codebase.files_with(wanted.name)
    return tuple(item for file in files for item in symbols_in(codebase, file, wanted))


def _is_waiting(codebase: CodebaseView) -> bool:
    """Tell whether there are, or may be, files that the index has not read yet."""
    state = codebase.state()
    return not state.n_files or state.n_indexed + len(state.left_out) < state.n_files


def _items(codebase: CodebaseView, hits: Sequence[SymbolHit]) -> tuple[Item, ...]:
    resolver = Resolver(codebase)
    items: list[Item] = []
    for hit in hits:
        view = view_file(codebase, hit.file)
        if view is not None and hit.symbol < len(view.facts.symbols):
            target = resolver.target_of(hit.file, hit.symbol)
            items.append(symbol_item(view, hit.symbol, target))
    return tuple(items)
