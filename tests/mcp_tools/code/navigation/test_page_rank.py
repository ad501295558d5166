"""Ranks follow the edges, and the preference."""

import pytest

from mcp_tools.code.navigation.page_rank import page_rank


def test_ranks_add_up_to_one() -> None:
    ranks = page_rank(4, [(0, 1, 1.0), (1, 2, 2.0), (2, 0, 1.0), (0, 3, 1.0)], {})
    assert sum(ranks) == pytest.approx(1.0)


def test_what_more_nodes_lead_to_is_higher() -> None:
    ranks = page_rank(4, [(0, 3, 1.0), (1, 3, 1.0), (2, 1, 1.0)], {})
    assert sorted(range(4), key=lambda node: -ranks[node])[:2] == [3, 1]


def test_a_heavier_edge_gives_more() -> None:
    ranks = page_rank(3, [(0, 1, 9.0), (0, 2, 1.0)], {})
    assert ranks[1] > ranks[2]


def test_edges_between_two_nodes_add_up() -> None:
    once = page_rank(3, [(0, 1, 2.0), (0, 2, 1.0)], {})
    twice = page_rank(3, [(0, 1, 1.0), (0, 1, 1.0), (0, 2, 1.0)], {})
    assert once == pytest.approx(twice)


def test_walks_start_at_what_is_preferred() -> None:
    edges = [(0, 1, 1.0), (2, 3, 1.0)]
    ranks = page_rank(4, edges, {2: 1.0})
    assert ranks[3] > ranks[1]
    assert ranks[0] == 0


def test_no_nodes_and_no_edges_are_no_error() -> None:
    assert page_rank(0, [], {}) == []
    assert page_rank(2, [], {}) == pytest.approx([0.5, 0.5])
