"""Where tests of a bare name hold."""

import pytest

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import term_text


@pytest.mark.parametrize(
    ("text", "narrowings"),
    [
        ("if isinstance(x, A): x.a", ["x A: x.a"]),
        ("if isinstance(x, (A, B)): x.a", ["x TUPLE(A, B): x.a"]),
        ("if a and isinstance(x, A) and b: x.a", ["x A: b", "x A: x.a"]),
        ("if a or isinstance(x, A): x.a", []),
        ("if x is not None: x.a", ["x ?: x.a"]),
        ("if x is None: a\nelse: x.a", ["x ?: x.a"]),
        ("if isinstance(x, A): a\nelif isinstance(x, B): b", ["x A: a", "x B: b"]),
        ("while isinstance(x, A): x.a", ["x A: x.a"]),
        ("assert isinstance(x, A)\nx.a", ["x A: x.a"]),
        ("if not isinstance(x, A):\n    return\nx.a", ["x A: x.a"]),
        ("if not isinstance(x, A):\n    b\nx.a", []),
        ("isinstance(x, A) and x.a", ["x A: x.a"]),
        ("not isinstance(x, A) or x.a", ["x A: x.a"]),
        ("x.a if isinstance(x, A) else b", ["x A: x.a"]),
        ("[x.a for x in y if isinstance(x, A)]", ["x A: x.a"]),
        ("if isinstance(x, A):\n    x = x.a\n    x.b", ["x A: x = x.a"]),
        ("if isinstance(x.y, A): x.y.a", []),
        ("match x:\n    case A(): x.a", ["x A: : x.a"]),
        ("match x:\n    case A() | B(): x.a", []),
    ],
)
def test_a_test_holds_in(text: str, narrowings: list[str]) -> None:
    facts = extract(text)
    assert [
        f"{facts.names[row.name]} {term_text(facts, row.classes)}: "
        f"{text[row.start : row.end].strip()}"
        for row in facts.narrowings
    ] == narrowings
