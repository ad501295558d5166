"""PageRank with a preference for some nodes.

Source: Brin and Page, "The anatomy of a large-scale hypertextual web search engine", 1998;
Haveliwala, "Topic-sensitive PageRank", 2002, for the preference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

_DAMPING = 0.85
_MAX_ROUNDS = 30
_TOLERANCE = 1e-4
"""The sum of all changes in a round at which the ranks are good enough to sort by."""


def page_rank(
    n_nodes: int, edges: Iterable[tuple[int, int, float]], preferred: Mapping[int, float]
) -> Sequence[float]:
    """Rank nodes by the weight of the edges that lead to them; the ranks add up to 1.

    `edges` are source, destination and weight; several between two nodes add up. Every walk
    starts again at a node of `preferred`, in proportion to its weight; at any if that is empty.
    """
    if not n_nodes:
        return []
    starts = _normalised(n_nodes, preferred)
    links = _links(edges)
    ranks = list(starts)
    for _ in range(_MAX_ROUNDS):
        new = [0.0] * n_nodes
        for source, targets, shares in links:
            rank = ranks[source]
            if rank:
                for target, share in zip(targets, shares, strict=True):
                    new[target] += rank * share
        # What does not flow on, from nodes without links too, starts again.
        again = 1.0 - _DAMPING * sum(new)
        new = [_DAMPING * rank + again * start for rank, start in zip(new, starts, strict=True)]
        change = sum(abs(a - b) for a, b in zip(new, ranks, strict=True))
        ranks = new
        if change < _TOLERANCE:
            break
    return ranks


def _normalised(n_nodes: int, preferred: Mapping[int, float]) -> list[float]:
    total = sum(preferred.values())
    if total <= 0:
        return [1.0 / n_nodes] * n_nodes
    return [preferred.get(node, 0.0) / total for node in range(n_nodes)]


def _links(
    edges: Iterable[tuple[int, int, float]],
) -> list[tuple[int, list[int], list[float]]]:
    merged: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for source, destination, weight in edges:
        merged[source][destination] += weight
    links: list[tuple[int, list[int], list[float]]] = []
    for source, targets in merged.items():
        total = sum(targets.values())
        if total > 0:
            shares = [weight / total for weight in targets.values()]
            links.append((source, list(targets), shares))
    return links
