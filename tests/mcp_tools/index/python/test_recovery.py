"""Broken code gives what can be understood of it."""

import pytest

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import occurrences_of, symbols_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "class A:\n    def f(self):\n        self.\n    def g(self): pass\n",
            "A f self self g self",
        ),
        ("x = [a for b in c if\ndef f(y): pass\n", "x a b c f y"),
        ("from a import (b,\nx = 1\n", "a b x"),
        ("def f(a, b=\n    c = d.\n", "f a b c d"),
        ("class A(B\n    x = y\n", "A B x y"),
        ("f(a, b=, c\n", "f a b c"),
        ("<<<<<<< HEAD\na = b\n=======\nc = d\n>>>>>>> other\n", "HEAD a b c d other"),
    ],
)
def test_no_name_is_lost(text: str, names: str) -> None:
    facts = extract(text)
    assert facts.has_errors
    assert [entry.split(" ")[0] for entry in occurrences_of(facts).split(", ")] == names.split()


@pytest.mark.parametrize(
    "unfinished", ["return f(1,", "return self.", "return [a, {", "x = (", "f(a, g(b)"]
)
def test_definitions_behind_an_unfinished_line_are_symbols(unfinished: str) -> None:
    text = (
        f"class A:\n    def f(self):\n        {unfinished}\n    def g(self): pass\nclass B: pass\n"
    )
    symbols = symbols_of(extract(text), text)
    assert extract(text).has_errors
    assert "  method g: def g(self): pass\nclass B: class B: pass" in symbols


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800", "\ufeff", "(" * 50, "\\\n", "'''", "f'{", "@"]
)
def test_no_text_is_refused(text: str) -> None:
    assert extract(text).n_chars == len(text)
