"""The definitions of one file, as a tree."""

from dataclasses import dataclass

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.items import symbol_item
from mcp_tools.code.navigation.results import Item
from mcp_tools.code.navigation.signature import signatures_in
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, SymbolKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineNode:
    """A definition, and those within it in the order of the text."""

    item: Item
    children: tuple["OutlineNode", ...]


def outline(codebase: CodebaseView, file: str) -> tuple[OutlineNode, ...]:
    """Give the definitions at the top of a file, in the order of the text; empty for no file.

    Lambdas are left out. What is defined in a function is a child of the function.
    """
    view = view_file(codebase, file)
    if view is None:
        return ()
    signatures = signatures_in(codebase, view)
    children: dict[int, list[OutlineNode]] = {NONE: []}
    # Parents come before their parts, so that from the end each node finds its children made.
    for symbol in range(len(view.facts.symbols) - 1, -1, -1):
        row = view.facts.symbols[symbol]
        if row.kind == SymbolKind.LAMBDA:
            continue
        target = Target(file, row.scope, view.symbol_name(symbol))
        item = symbol_item(view, symbol, target, detail=signatures.of(symbol))
        below = tuple(reversed(children.pop(symbol, [])))
        node = OutlineNode(item=item, children=below)
        children.setdefault(shown_parent(view, row.parent), []).append(node)
    return tuple(reversed(children[NONE]))


def shown_parent(view: FileView, symbol: int) -> int:
    """Give the nearest symbol that is no lambda."""
    while symbol != NONE and view.facts.symbols[symbol].kind == SymbolKind.LAMBDA:
        symbol = view.facts.symbols[symbol].parent
    return symbol
