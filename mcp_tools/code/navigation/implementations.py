"""What stands behind a class or a method: the classes below, and the overrides."""

from dataclasses import dataclass

from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.occurrences import all_subclasses
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView, IndexState


@dataclass(frozen=True, slots=True, kw_only=True)
class Implementations:
    """Definitions that do what a target promises."""

    items: tuple[Item, ...]
    """Sorted by file and offset."""
    state: IndexState


def implementations(codebase: CodebaseView, target: Target) -> Implementations:
    """Find what implements a target.

    Of a class, abstract or a protocol or neither: all classes below it. Of a method: its overrides
    in classes below. Of anything that has none below it: itself.
    Classes that fit a protocol without naming it as a base are not found.
    """
    resolver = Resolver(codebase)
    below = (
        all_subclasses(resolver, target)
        if resolver.is_class(target)
        else resolver.overrides(target)
        if resolver.is_function(target)
        else ()
    )
    items = [item_of(codebase, each) for each in below or (target,)]
    items.sort(key=lambda item: (item.file, item.span.start))
    return Implementations(items=tuple(items), state=codebase.state())
