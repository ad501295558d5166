"""Who calls a function, and what it calls, as an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mcp_tools.code.answers.data import ItemData, SiteData, item_data, site_data
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import declared, place_text, placed, signed
from mcp_tools.code.answers.listing import TOP, Detail, Entry, Listing
from mcp_tools.code.answers.sites import legend, mark_of
from mcp_tools.code.answers.sites import place_text as site_place
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.answers.wording import counted, n_files
from mcp_tools.code.navigation.call_tree import call_tree
from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.results import CallNode, Direction, Item, Site
from mcp_tools.resolution.target import Certainty, Target
from mcp_tools.types.codebase import CodebaseView

MAX_NODES = 400
"""Functions in a tree for a model; more than it can read."""
_MAX_SITES = 4
"""Places of one caller that a line names; of more it says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallData:
    """A function in a call tree; trees are lists, each node before those below it."""

    depth: int
    """1 for a direct caller or callee."""
    symbol: ItemData
    certainty: str
    """The best one of its calls."""
    sites: tuple[SiteData, ...]
    """Where the calls are, in the file of the caller."""
    is_cycle: bool
    """It is on the way to itself, so it is not followed again."""
    is_repeated: bool
    """It was followed elsewhere in the tree."""
    is_cut: bool
    """There are too many functions in the tree, so that some below this one were left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsFound:
    """The calls of a function in one direction."""

    root: CallNode
    listing: Listing[tuple[CallData, ...]]


def find_calls(
    codebase: CodebaseView,
    target: Target,
    direction: Direction,
    depth: int,
    *,
    max_nodes: int = MAX_NODES,
) -> CallsFound:
    """Find who calls a function, or what it calls.

    Raises: StaleEdit if a file has changed since.
    """
    root, n_unresolved = _tree(codebase, target, direction, depth, max_nodes)
    make = _Lines(codebase=codebase, texts=Texts(codebase), direction=direction, depth=depth)
    nodes = list(_all_nodes(root.calls))
    listing = Listing(
        head=_head(root, direction, n_unresolved),
        entries=[make.entry(node) for node in root.calls],
        notes=(
            *legend(node.certainty for node in nodes),
            *index_notes(codebase.state()),
        ),
        stamps=[codebase.digest(file) or "" for file in sorted({n.item.file for n in nodes})],
    )
    return CallsFound(root=root, listing=listing)


def call_data(
    nodes: Sequence[CallNode], depth: int, texts: Texts | None, level: int = 1
) -> Iterator[CallData]:
    """Give nodes, each before those below it; lines of code only where `texts` are given.

    `depth` is how many levels were asked for.
    """
    for node in nodes:
        yield CallData(
            depth=level,
            symbol=item_data(node.item),
            certainty=node.certainty.value,
            sites=tuple(site_data(s, texts.snippet(s) if texts else None) for s in node.sites),
            is_cycle=node.is_cycle,
            is_repeated=node.is_repeated,
            is_cut=node.is_cut and level < depth,
        )
        yield from call_data(node.calls, depth, texts, level + 1)


def _tree(
    codebase: CodebaseView, target: Target, direction: Direction, depth: int, max_nodes: int
) -> tuple[CallNode, int]:
    """Give the calls as a tree, and how many of the first level are not known."""
    if depth > 1:
        return call_tree(codebase, target, direction, depth, max_nodes), 0
    found = (incoming if direction is Direction.IN else outgoing)(codebase, target)
    nodes = tuple(_node(call.item, call.sites, call.certainty) for call in found.calls)
    return _node(found.item, (), Certainty.EXACT, nodes), found.n_unresolved


def _node(
    item: Item, sites: tuple[Site, ...], certainty: Certainty, calls: tuple[CallNode, ...] = ()
) -> CallNode:
    return CallNode(
        item=item,
        sites=sites,
        certainty=certainty,
        is_cycle=False,
        is_repeated=False,
        calls=calls,
        is_cut=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Writes the nodes of one tree."""

    codebase: CodebaseView
    texts: Texts
    direction: Direction
    depth: int
    """How many levels were asked for; beyond the last one nothing was looked at."""

    def entry(self, node: CallNode) -> Entry[tuple[CallData, ...]]:
        def data(detail: Detail) -> tuple[CallData, ...]:
            texts = self.texts if detail is Detail.FULL else None
            return tuple(call_data([node], self.depth, texts))

        return Entry(
            file=node.item.file,
            place=self._place(node),
            full=lambda: "\n".join([self._full(node), *self._below(node, 2)]),
            first_line=lambda: self._name(node, 1),
            data=data,
            short=node.item.path or TOP,
        )

    def _full(self, node: CallNode) -> str:
        if self.direction is Direction.IN and node.sites:
            return f"{self._name(node, 1)}: {self.texts.snippet(node.sites[0])}"
        signature = declared(signed(self.codebase, node.item))
        return f"{signature}{_called_at(node)}{self._flags(node, 1)}"

    def _name(self, node: CallNode, level: int) -> str:
        return f"{node.item.path or TOP}{self._flags(node, level)}"

    def _flags(self, node: CallNode, level: int) -> str:
        if node.is_cycle:
            return " (cycle)"
        if node.is_repeated:
            return " (followed elsewhere)"
        return " (more, left out)" if node.is_cut and level < self.depth else ""

    def _place(self, node: CallNode) -> str:
        """Give where the calls are, for a caller; where it is defined, for what is called."""
        if self.direction is Direction.OUT:
            return f"{place_text(node.item)}{mark_of(node.certainty)}"
        return _places(node.sites)

    def _below(self, node: CallNode, level: int) -> Iterator[str]:
        for child in node.calls:
            file = "" if child.item.file == node.item.file else f"{child.item.file}:"
            at = _called_at(child) if self.direction is Direction.OUT else ""
            indent = "  " * level
            yield f"{indent}{file}{self._place(child)} {self._name(child, level)}{at}"
            yield from self._below(child, level + 1)


def _called_at(node: CallNode) -> str:
    return f" <- {_places(node.sites)}" if node.sites else ""


def _places(sites: Sequence[Site]) -> str:
    shown = " ".join(site_place(site) for site in sites[:_MAX_SITES])
    n_more = len(sites) - _MAX_SITES
    return f"{shown} +{n_more}" if n_more > 0 else shown


def _all_nodes(nodes: Sequence[CallNode]) -> Iterator[CallNode]:
    for node in nodes:
        yield node
        yield from _all_nodes(node.calls)


def _head(root: CallNode, direction: Direction, n_unresolved: int) -> str:
    word = "caller" if direction is Direction.IN else "callee"
    number = counted(len(root.calls), word) if root.calls else f"no {word} found"
    where = f" in {n_files(node.item.file for node in root.calls)}" if root.calls else ""
    cut = ", cut at the limit" if root.is_cut and root.calls else ""
    unknown = ""
    if n_unresolved and direction is Direction.OUT:
        unknown = f"; {counted(n_unresolved, 'call')} not known or outside of the workspace"
    return f"{placed(root.item)}: {number}{where}{cut}{unknown}"
