"""Calls of calls: a tree of some depth."""

from collections import deque

from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.file_view import view_file
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.results import Call, CallNode, Direction, Item, ItemKind, Site
from mcp_tools.resolution.target import Certainty, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import Op


class _Draft:
    """A node while the tree grows."""

    def __init__(self, item: Item, above: "_Draft | None", call: Call | None) -> None:
        self.item = item
        self.above = above
        self.depth: int = above.depth + 1 if above else 0
        self.sites: tuple[Site, ...] = call.sites if call else ()
        self.certainty = call.certainty if call else Certainty.EXACT
        self.is_cycle = False
        self.is_repeated = False
        self.is_cut = False
        self.below: list[_Draft] = []


def call_tree(
    codebase: CodebaseView,
    target: Target,
    direction: Direction,
    depth: int,
    max_nodes: int,
) -> CallNode:
    """Follow calls from a target, level by level, so that a cut leaves out the farthest first.

    The root counts as depth 0 and as a node. A target is followed once; where it comes again it
    is marked as repeated, or as a cycle if it stands on the way to the root. What lies below
    `depth` is not looked at: nodes there are marked as cut, but for those without any calls.
    """
    root = _Draft(item_of(codebase, target), None, None)
    followed: set[Target] = set()
    queue = deque([root])
    n_nodes = 1
    while queue:
        node = queue.popleft()
        node.is_cycle = _is_above(node)
        node.is_repeated = not node.is_cycle and node.item.target in followed
        if node.is_cycle or node.is_repeated:
            continue
        if node.depth >= depth or n_nodes >= max_nodes:
            node.is_cut = _may_have_calls(codebase, node.item, direction)
            continue
        followed.add(node.item.target)
        calls = _calls(codebase, node.item.target, direction)
        room = max_nodes - n_nodes
        node.is_cut = len(calls) > room
        node.below = [_Draft(call.item, node, call) for call in calls[:room]]
        n_nodes += len(node.below)
        queue.extend(node.below)
    return _frozen(root)


def _calls(codebase: CodebaseView, target: Target, direction: Direction) -> tuple[Call, ...]:
    find = incoming if direction == Direction.IN else outgoing
    return find(codebase, target).calls


def _may_have_calls(codebase: CodebaseView, item: Item, direction: Direction) -> bool:
    """Tell without resolving anything whether there may be calls below."""
    if direction == Direction.IN:
        return item.kind != ItemKind.MODULE
    view = view_file(codebase, item.file)
    return view is not None and any(True for _ in view.terms(Op.CALL, item.span))


def _is_above(node: _Draft) -> bool:
    above = node.above
    while above is not None:
        if above.item.target == node.item.target:
            return True
        above = above.above
    return False


def _frozen(draft: _Draft) -> CallNode:
    return CallNode(
        item=draft.item,
        sites=draft.sites,
        certainty=draft.certainty,
        is_cycle=draft.is_cycle,
        is_repeated=draft.is_repeated,
        calls=tuple(_frozen(each) for each in draft.below),
        is_cut=draft.is_cut,
    )
