"""Enough of the call graphs of the suite is found, and what is found is right."""

from pathlib import Path

import pytest

from bench.agreement import Counts
from tests.micro.__main__ import table
from tests.micro.cases import Case, Edge, Place, all_cases, parse_cases
from tests.micro.scoring import Way, outcomes_of, total

LEAST_PRECISION = 0.98
LEAST_RECALL = 0.90


@pytest.mark.parametrize("way", Way)
def test_enough_edges_are_found_and_right(way: Way, tmp_path: Path) -> None:
    outcomes = outcomes_of(all_cases(), tmp_path, way)
    counts = total(outcomes)
    figures = "\n".join(table(outcomes))
    assert counts.precision >= LEAST_PRECISION, figures
    assert counts.recall >= LEAST_RECALL, figures


def test_a_case_is_scored_by_what_is_wrong_and_what_is_missed(tmp_path: Path) -> None:
    case = _case("main.py: -> f\nf -> g\nf -> h\n")
    (outcome,) = outcomes_of([case], tmp_path, Way.OUT)
    assert outcome.wrong == {_edge("f", "i")}
    assert outcome.missed == {_edge("f", "h")}
    assert outcome.score == Counts(n_right=2, n_wrong=1, n_missed=1)
    assert (outcome.score.precision, outcome.score.recall) == (2 / 3, 2 / 3)


def test_an_edge_that_is_not_asked_for_counts_neither_way(tmp_path: Path) -> None:
    case = _case("main.py: -> f\nf -> g\nf -> i  # also\n")
    (outcome,) = outcomes_of([case], tmp_path, Way.OUT)
    assert outcome.score == Counts(n_right=2)


def _case(edges: str) -> Case:
    program = "def f():\n    g()\n    i()\ndef g(): ...\ndef h(): ...\ndef i(): ...\nf()\n"
    (case,) = parse_cases("some", f"=== one\n//- /main.py\n{program}--- edges\n{edges}")
    return case


def _edge(caller: str, callee: str) -> Edge:
    return Edge(Place("main.py", caller), Place("main.py", callee))
