"""Definitions: the outline of a document, and the search by name."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from lsp_agent.server.code.positions import Json
from lsp_agent.server.code.ready import NOTHING, Ready, ready
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.wire import Wire, kind_of
from mcp_tools.code.navigation.file_view import Blocks, FileView, view_file
from mcp_tools.code.navigation.find_symbol import find_symbol
from mcp_tools.code.navigation.outline import OutlineNode, outline, shown_parent
from mcp_tools.code.navigation.results import Item
from mcp_tools.code.navigation.signature import Signatures, signatures_in
from mcp_tools.types.documents import Document
from mcp_tools.types.facts import NONE, Facts, SymbolKind

MAX_SYMBOLS = 200
_MAX_AT_HAND = 400
"""Definitions whose outline takes about a millisecond; meanwhile no other message is read."""
_NO_BLOCKS = Blocks((), ())
_NAME_PATH = re.compile(r"[/.:\[]")
"""What makes a query more than a name or a part of one."""


def document_symbols(scene: Scene) -> Ready:
    """Give the outline of a document."""
    if not scene.is_source:
        return NOTHING
    if scene.abilities.nests_symbols and scene.wire.positions.is_plain(scene.file):
        view = view_file(scene.codebase, scene.file)
        if view is None:
            return NOTHING
        return ready(_plain_outline(view, signatures_in(scene.codebase, view)))
    nodes = outline(scene.codebase, scene.file)
    if scene.abilities.nests_symbols:
        return ready([scene.wire.symbol(node) for node in nodes])
    return ready([scene.wire.flat_symbol(item) for item in items_in(nodes)])


def outline_at_hand(document: Document, facts: Facts) -> Ready | None:
    """Give the outline of a document for a client that nests; None if that may take a while."""
    if len(facts.symbols) > _MAX_AT_HAND or not document.text.isascii():
        return None
    view = FileView(document.path.name, facts, _NO_BLOCKS)
    return ready(_plain_outline(view, Signatures(view, document.text)))


def _plain_outline(view: FileView, signatures: Signatures) -> list[Json]:
    """Give what `outline` gives, for a file in which columns are those of the client.

    An editor asks this after each pause in typing, so nothing is made that is not sent.
    """
    names, line_starts = view.facts.names, view.facts.line_starts
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
            "range": {
                "start": _position(line_starts, row.start),
                "end": _position(line_starts, row.end),
            },
            "selectionRange": {
                "start": _position(line_starts, row.name_start),
                "end": _position(line_starts, row.name_start + len(name)),
            },
        }
        if detail := signatures.of(number):
            symbol["detail"] = detail
        if below := children.pop(number, None):
            below.reverse()
            symbol["children"] = below
        children.setdefault(shown_parent(view, row.parent), []).append(symbol)
    children[NONE].reverse()
    return children[NONE]


def _position(line_starts: Sequence[int], offset: int) -> Json:
    line = bisect_right(line_starts, offset) - 1
    return {"line": line, "character": offset - line_starts[line]}


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
