"""Lenses that count the callers of functions and classes, each only when it is shown."""

from lsprotocol import types as lsp

from lsp_agent.server.code.finding import Remembered, find_again
from lsp_agent.server.code.positions import Json
from lsp_agent.server.code.scene import Scene
from lsp_agent.server.code.symbols import items_in
from lsp_agent.server.code.wire import Wire
from mcp_tools.code.navigation.calls import incoming
from mcp_tools.code.navigation.outline import outline
from mcp_tools.code.navigation.results import Calls, Item, ItemKind

SHOW_REFERENCES = "editor.action.showReferences"
"""A command of VS Code and of those that follow it; a client says that it knows it."""
_GONE = lsp.Command(title="callers not known", command="")
_COUNTED = frozenset({ItemKind.FUNCTION, ItemKind.METHOD, ItemKind.CLASS})


def lenses(scene: Scene) -> list[Json]:
    """Give a lens without a title for each function, method and class of a document."""
    if not scene.is_source:
        return []
    items = items_in(outline(scene.codebase, scene.file))
    return [_lens(scene.wire, item) for item in items if item.kind in _COUNTED]


def lens_command(wire: Wire, item: Remembered) -> lsp.Command:
    """Count the callers of the item of a lens; a click does nothing."""
    target = find_again(wire.codebase, item)
    if target is None:
        return _GONE
    return lsp.Command(title=_title(incoming(wire.codebase, target)), command="")


def listing_command(wire: Wire, item: Remembered, at: lsp.Position) -> lsp.Command:
    """Count the callers, for a client that can list the places of the calls at a click."""
    target = find_again(wire.codebase, item)
    if target is None:
        return _GONE
    found = incoming(wire.codebase, target)
    places = [place for call in found.calls for place in wire.sites(call.sites)]
    position = {"line": at.line, "character": at.character}
    arguments = [wire.uri(item.file), position, places]
    return lsp.Command(title=_title(found), command=SHOW_REFERENCES, arguments=arguments)


def _title(found: Calls) -> str:
    n_callers = len(found.calls)
    count = {0: "no callers", 1: "1 caller"}.get(n_callers, f"{n_callers} callers")
    return count if found.state.is_complete else f"{count} so far"


def _lens(wire: Wire, item: Item) -> Json:
    return {"range": wire.name_range(item), "data": wire.data(item)}
