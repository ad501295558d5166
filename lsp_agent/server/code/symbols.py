"""Definitions: the outline of a document, and the search by name."""

import re
from collections.abc import Iterator, Sequence

from lsp_agent.server.code.positions import Json
from lsp_agent.server.code.ready import NOTHING, Ready, ready
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.wire import Wire
from mcp_tools.code.navigation.find_symbol import find_symbol
from mcp_tools.code.navigation.outline import OutlineNode, outline
from mcp_tools.code.navigation.results import Item

MAX_SYMBOLS = 200
_NAME_PATH = re.compile(r"[/.:\[]")
"""What makes a query more than a name or a part of one."""


def document_symbols(scene: Scene) -> Ready:
    """Give the outline of a document."""
    if not scene.is_source:
        return NOTHING
    nodes = outline(scene.codebase, scene.file)
    if scene.abilities.nests_symbols:
        return ready([scene.wire.symbol(node) for node in nodes])
    return ready([scene.wire.flat_symbol(item) for item in items_in(nodes)])


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
