"""What `match` binds and reads."""

import pytest

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import bindings_of, occurrences_of


@pytest.mark.parametrize(
    ("pattern", "bindings"),
    [
        ("a", "0 ASSIGN a = SUBJECT(?, s)"),
        ("_", ""),
        ("a.b | None | 'x' | -1", ""),
        ("C(a, k=b)", "0 ASSIGN a = SUBJECT(?, ?)\n0 ASSIGN b = SUBJECT(?, SUBJECT(C, s).k)"),
        ("C() as a", "0 ASSIGN a = SUBJECT(C, s)"),
        ("[a, *b, c]", "0 ASSIGN a = SUBJECT(?, PART(s, 0))\n0 ASSIGN b = LIST(ELEMENT(s))\n"
         "0 ASSIGN c = SUBJECT(?, PART(s, end-0))"),
        ("(a, *_)", "0 ASSIGN a = SUBJECT(?, PART(s, 0))"),
        ("{'k': a, **b}", "0 ASSIGN a = SUBJECT(?, ITEM(s, str))\n0 ASSIGN b = DICT(?, s)"),
        ("a if a.ok", "0 ASSIGN a = SUBJECT(?, s)"),
    ],
)  # fmt: skip
def test_a_pattern_binds(pattern: str, bindings: str) -> None:
    assert bindings_of(extract(f"match s:\n    case {pattern}: pass\n")) == bindings


def test_names_in_patterns_are_occurrences() -> None:
    facts = extract("match s:\n    case m.C(k=b) | D.e: b\n")
    assert occurrences_of(facts) == (
        "s READ, m READ, C READ, k READ, b WRITE, D READ, e READ, b READ"
    )
