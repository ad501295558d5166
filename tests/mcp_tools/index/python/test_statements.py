"""Assignments and the other statements that bind."""

import pytest

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import bindings_of, occurrences_of, symbols_of


@pytest.mark.parametrize(
    ("text", "bindings"),
    [
        ("a = b = c", "0 ASSIGN a = c\n0 ASSIGN b = c"),
        ("a, (b, *c), d[0] = e", "0 ASSIGN a = PART(e, 0)\n0 ASSIGN b = PART(PART(e, 1), 0)\n"
         "0 ASSIGN c = LIST(ELEMENT(PART(e, 1)))"),
        ("a, *b, c = e", "0 ASSIGN a = PART(e, 0)\n0 ASSIGN b = LIST(ELEMENT(e))\n"
         "0 ASSIGN c = PART(e, end-0)"),
        ("a: B = c", "0 ASSIGN a: B = c"),
        ("a: B", "0 DECLARE a: B"),
        ("a += b", "0 AUGMENT a = BINARY(a, b)"),
        ("for a, b in c: pass", "0 ASSIGN a = PART(ELEMENT(c), 0)\n"
         "0 ASSIGN b = PART(ELEMENT(c), 1)"),
        ("with a as b, c as (d, e): pass", "0 ASSIGN b = ENTER(a)\n"
         "0 ASSIGN d = PART(ENTER(c), 0)\n0 ASSIGN e = PART(ENTER(c), 1)"),
        ("with (a as b): pass", "0 ASSIGN b = ENTER(a)"),
        ("try: pass\nexcept (A, B) as e: pass", "0 ASSIGN e = CAUGHT(TUPLE(A, B))"),
        ("try: pass\nexcept* A as e: pass", "0 ASSIGN e = CAUGHT(A, 1)"),
        ("del a, (b, c.d)", "0 DELETE a\n0 DELETE b"),
        ("def f():\n  global a\n  nonlocal b", "0 DEFINE f = FUNCTION f\n1 GLOBAL a\n1 NONLOCAL b"),
        ("type A[T] = B[T]", "0 TYPE_ALIAS A = ITEM(B, T)\n1 TYPE_PARAMETER T"),
        ("A: TypeAlias = 'B'", "0 TYPE_ALIAS A = B"),
        ("[(b := c) for c in d]", "0 ASSIGN b = c\n1 ASSIGN c = ELEMENT(d)"),
        ("[a for a in a for b in a]", "1 ASSIGN a = ELEMENT(a)\n1 ASSIGN b = ELEMENT(a)"),
    ],
)  # fmt: skip
def test_a_statement_binds(text: str, bindings: str) -> None:
    assert bindings_of(extract(text)) == bindings


def test_the_first_iterable_of_a_comprehension_belongs_to_the_scope_around() -> None:
    facts = extract("[a for a in a]")
    assert [facts.b[term] for term in facts.occurrences("a")] == [1, 1, 0]


def test_words_of_python_2_are_ordinary_names() -> None:
    assert occurrences_of(extract("print >>f, x\n")) == "print READ, f READ, x READ"
    assert occurrences_of(extract("exec(x)\n")) == "exec CALL, x READ"


def test_a_variable_is_a_symbol_at_its_first_binding() -> None:
    text = "a = 1\na = 2\nB: int\nfor c in d: pass\ndef f(): e = 3\n"
    assert symbols_of(extract(text), text).split("\n") == [
        "variable a: a = 1",
        "constant B: B: int",
        "variable c: c",
        "function f: def f(): e = 3",
    ]
