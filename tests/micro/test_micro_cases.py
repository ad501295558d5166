"""The suite itself is true: each program does what its list of edges says."""

from collections import Counter
from pathlib import Path

import pytest

from tests.micro.cases import Case, Edge, Mark, Place, all_cases, parse_cases
from tests.micro.running import run

N_CASES = 150

CASES = all_cases()
RUNNABLE = [case for case in CASES if not case.not_run]


@pytest.mark.parametrize("case", RUNNABLE, ids=str)
def test_a_run_shows_what_the_case_says(case: Case, tmp_path: Path) -> None:
    seen = run(case, tmp_path)
    shown = {edge for edge in case.edges(Mark.PLAIN, Mark.HARD, Mark.ALSO) if seen.shows(edge)}
    problems = [
        *(f"happens, but is not listed: {edge}" for edge in seen.edges - case.marks.keys()),
        *(f"runs, but is listed nowhere: {place}" for place in _unlisted(case, seen.resumed)),
        *(
            f"is listed, but does not happen: {edge}"
            for edge in case.marks.keys() - shown - case.edges(Mark.STATIC)
        ),
        *(
            f"happens, and is marked as static: {edge}"
            for edge in case.edges(Mark.STATIC) & seen.edges
        ),
    ]
    assert not problems, "\n".join(sorted(problems))


def _unlisted(case: Case, places: frozenset[Place]) -> frozenset[Place]:
    return places - {edge.callee for edge in case.marks}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= N_CASES


def test_no_two_cases_of_a_category_have_one_name() -> None:
    assert [name for name, n in Counter(map(str, CASES)).items() if n > 1] == []


def test_few_cases_cannot_be_run() -> None:
    assert len(CASES) - len(RUNNABLE) <= 4


def test_a_case_is_read_with_its_marks() -> None:
    text = (
        "=== one (not run: a reason)\n//- /main.py\nx = 1\n//- /a/b.py\n--- edges\n"
        "main.py: -> a/b.py:C/m  # static\nf -> g  # hard: far away\n"
    )
    (case,) = parse_cases("some", text)
    assert case.not_run == "a reason"
    assert case.files == {"main.py": "x = 1\n", "a/b.py": ""}
    first = Edge(Place("main.py", ""), Place("a/b.py", "C/m"))
    second = Edge(Place("main.py", "f"), Place("main.py", "g"))
    assert case.marks == {first: Mark.STATIC, second: Mark.HARD}
    assert [str(first), str(second)] == ["main.py: -> a/b.py:C/m", "f -> g"]


@pytest.mark.parametrize("line", ["f => g", "f -> g  # hard", "f -> g  # static: why"])
def test_an_edge_that_is_not_well_written_is_refused(line: str) -> None:
    text = f"=== one\n//- /main.py\n--- edges\n{line}\n"
    with pytest.raises(ValueError, match="edge"):
        list(parse_cases("some", text))
