"""The truth is what servers agree on, and an answer is counted against it."""

from bench.agreement import Counts, Place, Subject, agreed, compare, summed

A, B, C, D = (Place("a.py", line, 4) for line in range(4))
ANSWERS = {"one": {A, B}, "two": {A, B, C}, "three": {A, D}}


def test_a_place_is_true_if_enough_servers_name_it() -> None:
    assert agreed(ANSWERS, 2) == {A, B}
    assert agreed(ANSWERS, 3) == {A}


def test_an_answer_is_counted_by_what_is_right_wrong_and_missed() -> None:
    counts = compare({A, C}, {A, B})
    assert counts == Counts(n_right=1, n_wrong=1, n_missed=1)
    assert (counts.precision, counts.recall) == (0.5, 0.5)


def test_counts_of_several_answers_are_summed_before_they_are_divided() -> None:
    counts = summed([compare({A}, {A}), compare({A, B, C}, {A, B, C, D})])
    assert counts == Counts(n_right=4, n_missed=1)
    assert (counts.precision, counts.recall) == (1.0, 0.8)


def test_nothing_asked_and_nothing_found_is_no_division_by_zero() -> None:
    assert (summed([]).precision, summed([]).recall) == (0.0, 0.0)


def test_places_and_subjects_are_written_as_editors_count() -> None:
    assert str(A) == "a.py:1:5"
    assert str(Subject("method", "C/m", A)) == "method a.py:C/m"
