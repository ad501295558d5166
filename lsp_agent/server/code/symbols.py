"""Definitions: the outline of a document, and the search by name."""

import re
from collections.abc import Iterator, Sequence

from lsp_agent.server.code.positions import Json, plain_range
from lsp_agent.server.code.ready import NOTHING, Ready, ready
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.wire import Wire, kind_of
from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.find_symbol import find_symbol
from mcp_tools.code.navigation.outline import OutlineNode, outline, shown_parent
from mcp_tools.code.navigation.results import Item
from mcp_tools.code.navigation.signature import Signatures
from mcp_tools.types.facts import NONE, SymbolKind

MAX_SYMBOLS = 200
_NAME_PATH = re.compile(r"[/.:\[]")
"""What makes a query more than a name or a part of one."""


def document_symbols(scene: Scene) -> Ready:
    """Give the outline of a document."""
    if not scene.is_source:
        return NOTHING
    if scene.abilities.nests_symbols and scene.wire.positions.is_plain(scene.file):
        return ready(_plain_outline(scene))
    nodes = outline(scene.codebase, scene.file)
    if scene.abilities.nests_symbols:
        return ready([scene.wire.symbol(node) for node in nodes])
    return ready([scene.wire.flat_symbol(item) for item in items_in(nodes)])


def _plain_outline(scene: Scene) -> list[Json]:
    """Give what `outline` gives, for a file in which columns are those of the client.

    An editor asks this after each pause in typing, so nothing is made that is not sent.
    """
    view = view_file(scene.codebase, scene.file)
    if view is None:
        return []
    names = view.facts.names
    signatures = Signatures(scene.codebase, view)
    children: dict[int, list[Json]] = {NONE: []}
    # As in `outline`: from the end, so that each node finds its children made.
    for number in range(len(view.facts.symbols) - 1, -1, -1):
        row = view.facts.symbols[number]
        if row.kind == SymbolKind.LAMBDA:
            continue
        name = names[row.name]
        symbol: Json = {
            "name": name,
            "kind": kind_of(row.kind, name),
            "range": {"start": _position(view, row.start), "end": _position(view, row.end)},
            "selectionRange": plain_range(view.place(row.name_start), len(name)),
        }
        if detail := signatures.of(number):
            symbol["detail"] = detail
        if below := children.pop(number, None):
            below.reverse()
            symbol["children"] = below
        children.setdefault(shown_parent(view, row.parent), []).append(symbol)
    children[NONE].reverse()
    return children[NONE]


def _position(view: FileView, offset: int) -> Json:
    place = view.place(offset)
    return {"line": place.line, "character": place.column}


def symbols_named(wire: Wire, query: str) -> list[Json]:
    """Give the definitions of one codebase that match, best first."""
    if _NAME_PATH.search(query):
        found = find_symbol(wire.codebase, query, limit=MAX_SYMBOLS)
        return [wire.flat_symbol(item) for item in found]
    return [wire.hit(hit) for hit in wire.codebase.find_symbols(query, MAX_SYMBOLS)]


def items_in(nodes: Sequence[OutlineNode]) -> Iterator[Item]:
    """Give all definitions of an outline, each before those within it."""
    for node in nodes:
        yield node.item
        yield from items_in(node.children)
