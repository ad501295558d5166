"""Mutations: seeded, bounded, and of every kind."""

from random import Random

from tests.gate.mutating import MUTATIONS, mutated, splice

LINES = ("ls -la src", "grep -n --color=never 'a b' a.py | head -n 3", "cat a.py")


def test_the_same_seed_gives_the_same_lines() -> None:
    first, second = Random(7), Random(7)
    lines = [mutated(first, LINES) for _ in range(200)]
    assert lines == [mutated(second, LINES) for _ in range(200)]
    assert len(set(lines)) > 150


def test_every_kind_takes_any_line_and_changes_some() -> None:
    random = Random(1)
    for mutation in filter(None, MUTATIONS):
        for line in ("", " ", "-", *LINES):
            mutation(random, line)
        assert any(mutation(random, line) != line for line in LINES for _ in range(20))


def test_two_lines_are_put_together() -> None:
    assert any("ls" in line and "cat" in line for line in _spliced())


def test_no_line_grows_without_bound() -> None:
    assert len(mutated(Random(1), ("x" * 5000,))) <= 1000


def _spliced() -> list[str]:
    random = Random(3)
    return [splice(random, LINES[0], LINES[2:]) for _ in range(50)]
