"""Where the thing under the cursor is defined."""

from dataclasses import dataclass

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.items import declared_item
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Certainty, Declaration, Target
from mcp_tools.types.codebase import CodebaseView, IndexState
from mcp_tools.types.facts import NONE, SymbolKind
from mcp_tools.types.text import Span

_DEFINED_WHOLE = frozenset(
    {SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What a name means."""

    items: tuple[Item, ...]
    """One for each target, the main declaration first; further `def`s and `class`es of the same
    name after it. They may lie outside of the workspace. Empty if nothing is known."""
    certainty: Certainty
    origin: Span
    """The name that was asked about; empty where there is none."""
    state: IndexState


def definition(codebase: CodebaseView, file: str, offset: int) -> Definitions:
    """Give the definitions of the name at an offset."""
    resolver = Resolver(codebase)
    term = resolver.term_at(file, offset)
    view = view_file(codebase, file)
    if term is None or view is None:
        origin, targets, certainty = Span(offset, offset), (), Certainty.TEXTUAL
    else:
        resolution = resolver.resolve(file, term)
        origin = view.name_span(term)
        targets, certainty = resolution.targets, resolution.certainty
    items = [item for each in targets for item in _items(codebase, resolver, each)]
    return Definitions(
        items=tuple(items), certainty=certainty, origin=origin, state=codebase.state()
    )


def _items(codebase: CodebaseView, resolver: Resolver, target: Target) -> list[Item]:
    items: list[Item] = []
    for index, declaration in enumerate(resolver.declarations(target)):
        view = view_file(codebase, declaration.file)
        if view is None:
            continue
        if index == 0 or _is_whole(view, declaration):
            items.append(declared_item(view, target, declaration))
    return items


def _is_whole(view: FileView, declaration: Declaration) -> bool:
    symbol = declaration.symbol
    return symbol != NONE and view.facts.symbols[symbol].kind in _DEFINED_WHOLE
