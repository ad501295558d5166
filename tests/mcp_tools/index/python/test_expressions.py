"""The reduced form of expressions, and the roles of the names in them."""

import pytest

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import occurrences_of, term_text


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("a.b.c", "a.b.c"),
        ("a.b(c, *d, e=f, **g)", "a.b(c, *d, e=f, **g)"),
        ("a(b for b in c)", "a(COLLECT(b))"),
        ("a[b]", "ITEM(a, b)"),
        ("a[b, c]", "ITEM(a, TUPLE(b, c))"),
        ("a[b:c]", "ITEM(a, ?)"),
        ("a or b", "EITHER(a, b)"),
        ("a and b", "b"),
        ("a if b else c", "EITHER(a, c)"),
        ("a + b * c", "BINARY(a, BINARY(b, c))"),
        ("not a", "bool"),
        ("a < b", "bool"),
        ("(a, *b)", "TUPLE(a, ELEMENT(b))"),
        ("a, b", "TUPLE(a, b)"),
        ("[a, b]", "LIST(a, b)"),
        ("{a, b}", "SET(a, b)"),
        ("{a: b, **c}", "DICT(a, b, ?, c)"),
        ("{a: b for a, b in c}", "COLLECT(a, b)"),
        ("await a", "AWAIT(a)"),
        ("(a := b)", "b"),
        ("'a' 'b'", "str"),
        ("rb'a'", "bytes"),
        ("f'{a}'", "str"),
        ("1", "int"),
        ("1e3", "float"),
        ("2j", "complex"),
        ("None", "None"),
        ("True", "bool"),
        ("...", "?"),
        ("( # a comment\n a # another\n . # a third\n b)", "a.b"),
    ],
)
def test_an_expression_is_reduced_to(text: str, term: str) -> None:
    facts = extract(f"x = {text}")
    assert term_text(facts, facts.bindings[0].value) == term


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("a.b(c)", "a READ, b CALL, c READ"),
        ("f(key=a)", "f CALL, key KEYWORD, a READ"),
        ('f"{a!r:{b}} {c()}" "d"', "a READ, b READ, c CALL"),
        ("x: a.B[c]", "x WRITE, a ANNOTATION, B ANNOTATION, c ANNOTATION"),
        ('x: "list[a.B]"', "x WRITE, list ANNOTATION, a ANNOTATION, B ANNOTATION"),
        ('x: list["A | B"]', "x WRITE, list ANNOTATION, A ANNOTATION, B ANNOTATION"),
        ('x: Literal["A"]', "x WRITE, Literal ANNOTATION"),
        ('x: Annotated["A", "B", f(c)]', "x WRITE, Annotated ANNOTATION, A ANNOTATION, "
         "f CALL, c READ"),
        ('cast("A", "b")', "cast CALL, A ANNOTATION"),
        ('TypeVar("T", bound="A")', "TypeVar CALL, bound KEYWORD, A ANNOTATION"),
        ('class A(B["C"]): pass', "A DEFINITION, B INHERIT, C ANNOTATION"),
        ("@a.b(c)\ndef f(): pass", "a READ, b DECORATOR, c READ, f DEFINITION"),
        ("a.b = a.c", "a READ, b WRITE, a READ, c READ"),
        ("del a.b", "a READ, b WRITE"),
        ("'A'", ""),
    ],
)  # fmt: skip
def test_names_have_roles(text: str, roles: str) -> None:
    assert occurrences_of(extract(text)) == roles
