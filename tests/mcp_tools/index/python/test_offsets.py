"""Offsets count code points, whatever the text is made of."""

import pytest

from mcp_tools.index.python.extraction import extract
from mcp_tools.types.facts import Facts, Role
from mcp_tools.types.text import LineIndex

TEXTS = [
    "\ufeffname = value\n",
    's = "\U0001f600é"; name = value\n',
    "s = '\ud800'; name = value\n",
    "naïve = \U0001d518\U0001d52b\U0001d526.méthode(clé=1)  # ü\n",
    "a = b\r\nname = c\r\n",
    "a = b\rname = c\r",
    "a = b\n\x0cname = c\n",
    "a = '\0'; name = c\n",
    "def f():\n\treturn\tname\n",
    'é: "list[ñ.Ö]" = \'ü\'; __all__ = ["ä"]\n',
    "# \u2028 \x85\nname = 1\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_each_occurrence_stands_where_its_name_is(text: str) -> None:
    facts = extract(text)
    assert facts.n_chars == len(text)
    assert any(facts.roles)
    assert wrong_occurrences(facts, text) == []


@pytest.mark.parametrize("text", [*TEXTS, "", "\n", "a", "a\n\r\n\rb"])
def test_lines_start_as_everywhere_else(text: str) -> None:
    lines = LineIndex(text)
    starts = [lines.line_span(line).start for line in range(lines.n_lines)]
    assert list(extract(text).line_starts) == starts


def wrong_occurrences(facts: Facts, text: str) -> list[str]:
    """Give the names that do not stand where the facts say."""
    found: list[str] = []
    for term, role in enumerate(facts.roles):
        name, start = facts.names[facts.a[term]], facts.starts[term]
        if role != Role.NONE and text[start : start + len(name)] != name:
            found.append(name)
    return found
