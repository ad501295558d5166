"""The classes right above and right below a class."""

from collections.abc import Iterable

from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound


def supertypes(codebase: CodebaseView, target: Target) -> tuple[Item, ...]:
    """Give the bases of a class in the order in which it names them; empty if it is no class.

    They may lie outside of the workspace; a base that could not be found out is left out.
    """
    resolver = Resolver(codebase)
    return _items(codebase, resolver.bases(target)) if resolver.is_class(target) else ()


def subtypes(codebase: CodebaseView, target: Target) -> tuple[Item, ...]:
    """Give the classes of the workspace that name a class as a base; by file and offset."""
    resolver = Resolver(codebase)
    below = resolver.subclasses(target) if resolver.is_class(target) else ()
    return tuple(sorted(_items(codebase, below), key=lambda item: (item.file, item.span.start)))


def _items(codebase: CodebaseView, targets: Iterable[Target]) -> tuple[Item, ...]:
    items: list[Item] = []
    for target in targets:
        try:
            items.append(item_of(codebase, target))
        except NotFound:
            continue
    return tuple(items)
