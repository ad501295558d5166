"""Values are worked out once, also where they depend on each other in a circle."""

from mcp_tools.resolution.memo import MAX_DEPTH, MAX_STEPS, Memo
from mcp_tools.resolution.values import Module, Values

A: Values = (Module("a"),)
B: Values = (Module("b"),)


def test_a_value_is_made_once() -> None:
    memo, known = Memo(), dict[str, Values]()
    made: list[str] = []

    def make() -> Values:
        made.append("x")
        return A

    assert [memo.get(known, "x", make) for _ in range(2)] == [A, A]
    assert made == ["x"]
    assert memo.is_idle


def test_where_a_circle_closes_is_nothing() -> None:
    memo, known = Memo(), dict[str, Values]()
    found = memo.get(known, "x", lambda: (*memo.get(known, "x", lambda: B), *A))
    assert found == A
    assert known == {"x": A}


def test_what_was_found_on_the_way_round_is_not_kept() -> None:
    memo, known = Memo(), dict[str, Values]()

    def first() -> Values:
        return (*memo.get(known, "second", second), *A)

    def second() -> Values:
        return (*memo.get(known, "first", first), *B)

    assert memo.get(known, "first", first) == (*B, *A)
    assert known == {"first": (*B, *A)}
    assert memo.get(known, "second", second) == (*B, *A, *B)


def test_a_failure_leaves_the_memo_in_order() -> None:
    memo, known = Memo(), dict[str, Values]()

    def fail() -> Values:
        raise KeyError("x")

    for _ in range(2):
        try:
            memo.get(known, "x", fail)
        except KeyError:
            assert memo.is_idle
    assert memo.get(known, "x", lambda: A) == A


def test_depth_has_a_bound_and_what_was_cut_is_not_kept() -> None:
    memo, known = Memo(), dict[int, Values]()

    def make(level: int) -> Values:
        if level == 2 * MAX_DEPTH:
            return A
        return memo.get(known, level + 1, lambda: make(level + 1))

    assert memo.get(known, 0, lambda: make(0)) == ()
    assert list(known) == [0]
    assert memo.get(known, 2 * MAX_DEPTH - 5, lambda: make(2 * MAX_DEPTH - 5)) == A


def test_steps_have_a_bound() -> None:
    memo, known = Memo(), dict[int, Values]()
    made: list[int] = []

    def make(number: int) -> Values:
        made.append(number)
        return A

    def make_all() -> Values:
        for number in range(1, 2 * MAX_STEPS):
            memo.get(known, number, lambda number=number: make(number))
        return A

    assert memo.get(known, 0, make_all) == A
    assert len(made) == MAX_STEPS - 1
