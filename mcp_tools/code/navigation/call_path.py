"""How one function comes to call another."""

from collections.abc import Iterable
from dataclasses import dataclass

from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.results import Call, Direction, Item, Site
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Certainty, Target
from mcp_tools.types.codebase import CodebaseView, IndexState

MAX_LOOKED_AT = 2000
"""Functions whose calls are looked at, both ends together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep:
    """One function on the way, and the calls in the one before it that lead here."""

    item: Item
    sites: tuple[Site, ...]
    """In the file of the step before; empty for the first."""
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPath:
    """The way from one function to another."""

    steps: tuple[CallStep, ...]
    """From the source to the goal, both included; empty if none was found."""
    is_complete: bool
    """All ways were looked at; if not, a search that found nothing does not mean there is none."""
    n_looked_at: int
    """Functions whose calls were looked at."""
    state: IndexState


def call_path(
    codebase: CodebaseView, source: Target, goal: Target, *, max_looked_at: int = MAX_LOOKED_AT
) -> CallPath:
    """Find a shortest way of calls from one function to another.

    It is searched breadth first from both ends, the side with fewer open ends at a time. A class
    stands for its `__init__`.
    """
    resolver = Resolver(codebase)
    ahead = _Front(codebase, Direction.OUT, source)
    back = _Front(codebase, Direction.IN, goal, also=_entries(resolver, goal))
    meeting = ahead.meets(back)
    n_looked_at = 0
    while meeting is None and ahead.edge and back.edge and n_looked_at < max_looked_at:
        front, other = (ahead, back) if len(ahead.edge) <= len(back.edge) else (back, ahead)
        n_looked_at += front.grow(max_looked_at - n_looked_at)
        meeting = front.meets(other)
    steps = () if meeting is None else _steps(codebase, ahead, back, meeting)
    is_complete = meeting is not None or not (ahead.edge and back.edge)
    return CallPath(
        steps=steps, is_complete=is_complete, n_looked_at=n_looked_at, state=codebase.state()
    )


class _Front:
    """What has been reached from one end, and how."""

    def __init__(
        self,
        codebase: CodebaseView,
        direction: Direction,
        start: Target,
        also: Iterable[Target] = (),
    ) -> None:
        self._codebase = codebase
        self._find = outgoing if direction == Direction.OUT else incoming
        self.reached: dict[Target, tuple[Target, Call] | None] = dict.fromkeys((start, *also))
        """From a target to the one before it on the way, and the call between them."""
        self.edge: list[Target] = list(self.reached)
        """Reached last, and not followed yet."""

    def grow(self, limit: int) -> int:
        """Follow the calls of the edge, at most `limit` targets; tell how many it were."""
        now, later = self.edge[:limit], self.edge[limit:]
        self.edge = later
        for target in now:
            for call in self._find(self._codebase, target).calls:
                reached = call.item.target
                if reached not in self.reached:
                    self.reached[reached] = (target, call)
                    self.edge.append(reached)
        return len(now)

    def meets(self, other: "_Front") -> Target | None:
        """Give a target that both have reached."""
        return next((each for each in self.reached if each in other.reached), None)

    def way(self, target: Target) -> list[tuple[Target, Call]]:
        """Give the way back from a target to the start, nearest first."""
        way: list[tuple[Target, Call]] = []
        while (before := self.reached[target]) is not None:
            way.append(before)
            target = before[0]
        return way


def _entries(resolver: Resolver, goal: Target) -> tuple[Target, ...]:
    if goal.scope == MODULE or not resolver.is_class(goal):
        return ()
    made = resolver.member(goal, "__init__")
    return () if made is None else (made,)


def _steps(
    codebase: CodebaseView, ahead: _Front, back: _Front, meeting: Target
) -> tuple[CallStep, ...]:
    first = list(reversed(ahead.way(meeting)))
    start = first[0][0] if first else meeting
    steps = [CallStep(item=item_of(codebase, start), sites=(), certainty=Certainty.EXACT)]
    steps += [_step(call.item, call) for _, call in first]
    # Incoming calls hold the caller; the callee is the target that they were asked for.
    steps += [_step(item_of(codebase, callee), call) for callee, call in back.way(meeting)]
    return tuple(steps)


def _step(item: Item, call: Call) -> CallStep:
    return CallStep(item=item, sites=call.sites, certainty=call.certainty)
