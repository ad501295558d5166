"""Definitions by name, in a file or in a folder, as answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mcp_tools.code.answers.data import ItemData
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import (
    item_entry,
    nested_lines,
    node_entry,
    place_text,
    short_detail,
    trimmed,
)
from mcp_tools.code.answers.listing import Entry, Listing
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.answers.wording import counted
from mcp_tools.code.navigation.find_symbol import find_symbol
from mcp_tools.code.navigation.name_paths import NamePath
from mcp_tools.code.navigation.outline import OutlineNode, outline
from mcp_tools.code.navigation.results import Item, ItemKind
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound

MAX_FOUND = 100
_MAX_ALIKE = 5
_MAX_LOOKED_AT = 1000
"""Definitions that a search looks through where it is narrowed to a kind or a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolsWish:
    """Which definitions are looked for, and how much of each is wanted."""

    query: str
    scope: str | None = None
    """A file, or a folder with `/` at its end, as the index names them; None for all."""
    kinds: frozenset[ItemKind] = frozenset()
    """Empty for all."""
    depth: int = 0
    """Levels of definitions within to list."""
    has_body: bool = False


def find_symbols(codebase: CodebaseView, wish: SymbolsWish) -> Listing[ItemData]:
    """Find definitions by name, best first.

    Raises: StaleEdit if a body is wanted and its file has changed since.
    """
    found = _found(codebase, wish)
    items = _shown(found, wish)
    texts = Texts(codebase)
    more = _More(codebase=codebase, texts=texts, wish=wish)
    files = sorted({item.file for item in items})
    return Listing(
        head=_head(wish, len(found), len(items)),
        entries=[item_entry(codebase, item, more.of(item)) for item in items],
        notes=index_notes(codebase.state()),
        stamps=[codebase.digest(file) or "" for file in files],
    )


def file_overview(codebase: CodebaseView, file: str, depth: int) -> Listing[ItemData]:
    """List what a file defines.

    Raises: NotFound if it is no source file that the index knows.
    """
    if codebase.facts(file) is None:
        for left_out in codebase.state().left_out:
            if left_out.file == file:
                raise NotFound(f"{file!r} is left out of the index: {left_out.reason}")
        raise NotFound(f"{file!r} is not a Python file of the workspace; see list_dir")
    nodes = trimmed(outline(codebase, file))
    stamp = Texts(codebase).stamp(file)
    return Listing(
        head=f"{counted(len(nodes), 'top-level symbol')} in {file} #{stamp.digest}",
        # The head names the file already.
        entries=[replace(node_entry(node, depth), file="") for node in nodes],
        stamps=[codebase.digest(file) or ""],
    )


def folder_overview(codebase: CodebaseView, folder: str, depth: int) -> Listing[tuple[str, ...]]:
    """List the files below a folder with what they define at the top.

    Raises: NotFound if there are none.
    """
    prefix = "" if folder == "." else f"{folder}/"
    files = [file for file in codebase.files() if file.startswith(prefix)]
    if not files:
        raise NotFound(f"there is no Python file below {folder!r}; see list_dir")
    return Listing(
        head=f"{counted(len(files), 'Python file')} below {folder}",
        entries=[_file_entry(codebase, file, depth) for file in files],
        notes=index_notes(codebase.state()),
        stamps=[codebase.digest(file) or "" for file in files],
    )


def top_level(codebase: CodebaseView, file: str) -> tuple[OutlineNode, ...]:
    """Give the classes and functions of a file; if it has none, all that it defines."""
    nodes = trimmed(outline(codebase, file))
    blocks = [node for node in nodes if node.item.kind in {ItemKind.CLASS, ItemKind.FUNCTION}]
    return tuple(blocks) or nodes


def _shown(found: Sequence[Item], wish: SymbolsWish) -> Sequence[Item]:
    """Leave out most of those that are only alike, if there are any of just that name."""
    wanted = NamePath.parse(wish.query)
    n_exact = sum(1 for item in found if wanted.matches(item.path))
    return found[: n_exact + _MAX_ALIKE] if n_exact else found


def _head(wish: SymbolsWish, n_found: int, n_shown: int) -> str:
    number = counted(n_shown, "symbol") if n_shown else "no symbol"
    left_out = f"; {n_found - n_shown} more are alike, ask for a part of the name"
    at_most = f"; only the best {MAX_FOUND} are looked at"
    rest = left_out if n_found > n_shown else at_most if n_found >= MAX_FOUND else ""
    return f"{number} for {wish.query!r}{rest}"


def _found(codebase: CodebaseView, wish: SymbolsWish) -> list[Item]:
    scope = wish.scope
    in_file = scope if scope is not None and not scope.endswith("/") else None
    is_narrow = bool(wish.kinds) or (scope is not None and in_file is None)
    limit = _MAX_LOOKED_AT if is_narrow else MAX_FOUND
    found = [
        item
        for item in find_symbol(codebase, wish.query, limit=limit, in_file=in_file)
        if (not wish.kinds or item.kind in wish.kinds)
        and (scope is None or item.file == scope or item.file.startswith(scope))
    ]
    return found[:MAX_FOUND]


@dataclass(frozen=True, slots=True, kw_only=True)
class _More:
    """What stands below a definition that was found: its body, or what is within it."""

    codebase: CodebaseView
    texts: Texts
    wish: SymbolsWish

    def of(self, item: Item) -> Callable[[], Sequence[str]] | None:
        if self.wish.has_body:
            return lambda: [*self.texts.body(item), f"#{self.texts.stamp(item.file).digest}"]
        if self.wish.depth > 0:
            return lambda: self._within(item)
        return None

    def _within(self, item: Item) -> list[str]:
        node = node_of(outline(self.codebase, item.file), item.symbol)
        return list(nested_lines(node, self.wish.depth)) if node else []


def node_of(nodes: Sequence[OutlineNode], symbol: int) -> OutlineNode | None:
    """Find a definition in an outline by its number in the file's facts."""
    for node in nodes:
        if node.item.symbol == symbol:
            return node
        if found := node_of(node.children, symbol):
            return found
    return None


def _file_entry(codebase: CodebaseView, file: str, depth: int) -> Entry[tuple[str, ...]]:
    folder, _, name = file.rpartition("/")

    def lines() -> str:
        nodes = top_level(codebase, file)
        found: list[str] = []
        for node in nodes:
            found.append(f"  {place_text(node.item)} {short_detail(node.item) or node.item.path}")
            found += nested_lines(node, depth, indent="    ")
        return "\n".join(["", *found]) if found else ""

    def names() -> str:
        return ", ".join(node.item.path for node in top_level(codebase, file))

    return Entry(
        file=f"{folder}/" if folder else "./",
        place=name,
        full=lines,
        first_line=names,
        data=lambda _: (file,),
    )
