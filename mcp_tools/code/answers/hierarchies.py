"""The classes above and below a class, as an answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import declared, placed, signed
from mcp_tools.code.answers.listing import Detail, Entry, Listing
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.results import Item
from mcp_tools.code.navigation.type_hierarchy import subtypes, supertypes
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView


class Side(StrEnum):
    """Which classes."""

    ABOVE = "above"
    BELOW = "below"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeData:
    """A class above or below another one."""

    side: str
    """`above` or `below`."""
    depth: int
    """1 for a direct base or subclass; each is followed by what is beyond it."""
    symbol: ItemData


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesFound:
    """The classes around a class."""

    item: Item
    listing: Listing[TypeData]


def find_types(codebase: CodebaseView, target: Target, side: Side, depth: int) -> TypesFound:
    """Find the bases of a class, its subclasses, or both.

    Raises: NotFound.
    """
    item = signed(codebase, item_of(codebase, target))
    entries: list[Entry[TypeData]] = []
    if side is not Side.BELOW:
        above = _walk(lambda each: supertypes(codebase, each), target, depth)
        entries += [
            _entry(codebase, Side.ABOVE, level, found)
            for level, found in above
            if not _is_object(found)
        ]
    if side is not Side.ABOVE:
        below = _walk(lambda each: subtypes(codebase, each), target, depth)
        entries += [_entry(codebase, Side.BELOW, level, found) for level, found in below]
    listing = Listing(
        head=f"{placed(item)}{'' if entries else f': no class {_WHERE[side]} it'}",
        entries=entries,
        notes=index_notes(codebase.state()),
        stamps=[codebase.digest(item.file) or ""],
    )
    return TypesFound(item=item, listing=listing)


_WHERE = {Side.ABOVE: "above", Side.BELOW: "below", Side.BOTH: "above or below"}


def _walk(
    beyond: Callable[[Target], Sequence[Item]], start: Target, depth: int
) -> Iterator[tuple[int, Item]]:
    """Yield level and class, each before what is beyond it; no class is followed twice."""
    followed = {start}
    waiting = [(1, item) for item in reversed(beyond(start))]
    while waiting:
        level, item = waiting.pop()
        yield level, item
        if level < depth and item.target not in followed:
            followed.add(item.target)
            waiting += [(level + 1, found) for found in reversed(beyond(item.target))]


def _is_object(item: Item) -> bool:
    """Tell whether it is the class above all others, which says nothing."""
    return item.path == "object" and item.file.endswith("/builtins.pyi")


def _entry(codebase: CodebaseView, side: Side, level: int, item: Item) -> Entry[TypeData]:
    indent = "  " * (level - 1)

    def said() -> str:
        return declared(signed(codebase, item))

    def data(_: Detail) -> TypeData:
        return TypeData(side=side.value, depth=level, symbol=item_data(signed(codebase, item)))

    return Entry(
        file=side.value,
        place=f"{indent}{item.file}:{item.place.line + 1}:{item.place.column + 1}",
        full=said,
        first_line=lambda: item.path,
        data=data,
        short=item.path,
    )
