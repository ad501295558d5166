"""Print how much of the call graphs of the suite is found.

Run as `python -m tests.micro [--case TEXT] [--incoming] [--all]`. It lists the cases in which
something is wrong or missed, then the categories, then the totals.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bench.agreement import Counts
from tests.micro.cases import Edge, Mark, all_cases
from tests.micro.scoring import Outcome, Way, outcomes_of, total


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; gives 0 whatever comes out."""
    options = _parser().parse_args(arguments)
    cases = [case for case in all_cases() if options.case in str(case)]
    with tempfile.TemporaryDirectory() as name:
        way = Way.IN if options.incoming else Way.OUT
        outcomes = outcomes_of(cases, Path(name), way)
    shown = outcomes if options.all else [each for each in outcomes if each.wrong or each.missed]
    for line in [*_case_lines(shown), *table(outcomes)]:
        sys.stdout.write(f"{line}\n")
    return 0


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Give a line a category, and one for all; in order of the categories."""
    yield f"{'':15} {'cases':>5} {'edges':>5} {'precision':>9} {'recall':>7}"
    for category, group in groupby(outcomes, lambda outcome: outcome.case.category):
        yield _line(category, list(group))
    yield _line("all", outcomes)
    hard = sum(len(outcome.case.edges(Mark.HARD)) for outcome in outcomes)
    yield f"{hard} edges are known to be out of reach, and count as missed"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.micro")
    parser.add_argument("--case", default="", metavar="TEXT", help="cases with this in their name")
    parser.add_argument("--incoming", action="store_true", help="ask for callers, not for callees")
    parser.add_argument("--all", action="store_true", help="list the cases without a fault too")
    return parser


def _case_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        yield f"{outcome.case}  {_figures(outcome.score)}"
        yield from (f"    wrong   {edge}" for edge in sorted(outcome.wrong))
        yield from (f"    missed  {edge}{_note(outcome, edge)}" for edge in sorted(outcome.missed))


def _note(outcome: Outcome, edge: Edge) -> str:
    mark = outcome.case.marks[edge]
    return "" if mark is Mark.PLAIN else f"  # {mark}"


def _line(name: str, outcomes: Sequence[Outcome]) -> str:
    n_edges = sum(len(outcome.case.wanted) for outcome in outcomes)
    return f"{name:15} {len(outcomes):5} {n_edges:5} {_figures(total(outcomes))}"


def _figures(counts: Counts) -> str:
    return f"{counts.precision:9.3f} {counts.recall:7.3f}"


if __name__ == "__main__":
    sys.exit(main())
