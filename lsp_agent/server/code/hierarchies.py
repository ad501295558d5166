"""Hierarchies of calls and of types: the item at a place, and what is around it."""

from collections.abc import Collection

from lsprotocol import types as lsp

from lsp_agent.server.code.finding import Remembered, find_again
from lsp_agent.server.code.ready import NOTHING, Ready, ready
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.wire import Wire
from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.definition import definition
from mcp_tools.code.navigation.results import ItemKind
from mcp_tools.code.navigation.type_hierarchy import subtypes, supertypes

_CALLABLE = frozenset(
    {ItemKind.FUNCTION, ItemKind.METHOD, ItemKind.CLASS, ItemKind.PROPERTY, ItemKind.LAMBDA}
)
_TYPES = frozenset({ItemKind.CLASS})


def call_items(scene: Scene, position: lsp.Position) -> Ready:
    """Give the function or class at a place."""
    return _items(scene, position, _CALLABLE)


def type_items(scene: Scene, position: lsp.Position) -> Ready:
    """Give the class at a place."""
    return _items(scene, position, _TYPES)


def incoming_calls(wire: Wire, item: Remembered) -> Ready:
    """Give who calls an item."""
    target = find_again(wire.codebase, item)
    if target is None:
        return NOTHING
    return ready(wire.calls(incoming(wire.codebase, target).calls, "from"))


def outgoing_calls(wire: Wire, item: Remembered) -> Ready:
    """Give what an item calls."""
    target = find_again(wire.codebase, item)
    if target is None:
        return NOTHING
    return ready(wire.calls(outgoing(wire.codebase, target).calls, "to"))


def type_supers(wire: Wire, item: Remembered) -> Ready:
    """Give the classes that a class is directly made from."""
    target = find_again(wire.codebase, item)
    if target is None:
        return NOTHING
    return ready([wire.hierarchy_item(found) for found in supertypes(wire.codebase, target)])


def type_subs(wire: Wire, item: Remembered) -> Ready:
    """Give the classes that are directly made from a class."""
    target = find_again(wire.codebase, item)
    if target is None:
        return NOTHING
    return ready([wire.hierarchy_item(found) for found in subtypes(wire.codebase, target)])


def _items(scene: Scene, position: lsp.Position, kinds: Collection[ItemKind]) -> Ready:
    if not scene.is_source:
        return NOTHING
    found = definition(scene.codebase, scene.file, scene.offset(position))
    items = [scene.wire.hierarchy_item(item) for item in found.items if item.kind in kinds]
    return ready(items) if items else NOTHING
