"""However deep a text is nested, its facts come."""

from collections.abc import Callable

import pytest

from mcp_tools.index.python.extraction import extract
from mcp_tools.types.facts import Facts

N = 3_000

TEXTS = {
    "brackets": "x = " + "[" * 10_000 + "y" + "]" * 10_000,
    "open parentheses": "(" * 10_000,
    "attributes": "a" + ".b" * 5_000,
    "calls": "a" + ".b()" * N,
    "subscripts": "a" + "[b]" * N,
    "sums": "+".join(["a"] * N),
    "powers": "**".join(["a"] * N),
    "conjunctions": " and ".join(["a"] * N),
    "negations": "not " * N + "a",
    "comparisons": "<".join(["a"] * N),
    "conditions": "a if b else " * N + "c",
    "lambdas": "lambda: " * N + "c",
    "assignments": "a = " * N + "c",
    "targets": "for " + "[" * N + "a" + "]" * N + " in b: pass",
    "elif": "if a: pass\n" + "elif b: pass\n" * N,
    "blocks": "".join(" " * depth + "if a:\n" for depth in range(300)) + " " * 300 + "b",
    "functions": "".join(" " * depth + "def a():\n" for depth in range(300)) + " " * 300 + "b",
    "patterns": "match a:\n case " + "A(k=" * N + "b" + ")" * N + ": pass",
    "types": "x: " + "list[" * N + "b" + "]" * N,
    "type parameters": "class A[" + "T: " * 1_000 + "]: pass",
    "comprehensions": "[" * 500 + "a" + " for a in b]" * 500,
    "keywords": "f(k=" * N + "a" + ")" * N,
    "f-strings": "f'{" * 100 + "a" + "}'" * 100,
    "decorators": "@a\n" * N + "def f(): pass",
    "modules": "import " + ".".join("a" * N),
    "with": "with " + "a as b as " * 500 + "c: pass",
    "tests": "if " + "not (" * N + "isinstance(x, A)" + ")" * N + ": pass",
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_deep_text_gives_facts(name: str) -> None:
    assert extract(TEXTS[name]).n_chars == len(TEXTS[name])


@pytest.mark.parametrize("name", ["attributes", "sums", "calls", "comparisons", "keywords"])
def test_every_name_of_a_deep_expression_is_an_occurrence(name: str) -> None:
    text = TEXTS[name]
    n_names = sum(1 for character in text if character.isalpha())
    assert sum(1 for role in extract(text).roles if role) == n_names


def test_facts_do_not_depend_on_how_deep_the_caller_is() -> None:
    text = TEXTS["functions"]

    def deeper(depth: int, action: Callable[[], Facts]) -> Facts:
        return action() if depth == 0 else deeper(depth - 1, action)

    assert deeper(600, lambda: extract(text)) == extract(text)


@pytest.mark.parametrize("depth", [70, 400])
def test_broken_strings_in_strings_end(depth: int) -> None:
    facts = extract('x = f"{' * depth + "inner" + '}"' * depth + "\nafter = 1\n")
    assert {"x", "after"} <= set(facts.names)
