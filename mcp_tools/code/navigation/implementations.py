"""What stands behind a class or a method: the classes below, and the overrides."""

from dataclasses import dataclass

from mcp_tools.code.navigation.dispatch import Dispatch
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.occurrences import all_subclasses
from mcp_tools.code.navigation.protocols import Protocols
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

    Of a class: all classes below it, and of a protocol also those that fit it. Of a method: what
    takes its place in these classes. Of anything that has nothing below it: itself.
    """
    items = [item_of(codebase, each) for each in _below(codebase, target) or (target,)]
    items.sort(key=lambda item: (item.file, item.span.start))
    return Implementations(items=tuple(items), state=codebase.state())


def _below(codebase: CodebaseView, target: Target) -> tuple[Target, ...]:
    resolver = Resolver(codebase)
    if resolver.is_class(target):
        implementers = Protocols(codebase, resolver).implementers(target)
        return tuple({*all_subclasses(resolver, target), *implementers})
    if resolver.is_function(target):
        return Dispatch(codebase, resolver).overrides(target)
    return ()
