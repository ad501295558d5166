"""The names in `__all__`."""

import pytest

from mcp_tools.index.python.extraction import extract
from tests.support.facts_text import occurrences_of


@pytest.mark.parametrize(
    ("text", "exports", "is_open"),
    [
        ("x = 1", None, False),
        ("__all__ = []", [], False),
        ("__all__ = ['a', \"b\"] + ('c',)", ["a", "b", "c"], False),
        ("__all__: list[str] = ['a']\n__all__ += ['b']", ["a", "b"], False),
        ("__all__ = ['a']\n__all__.extend(['b'])\n__all__.append('c')", ["a", "b", "c"], False),
        ("__all__ = ['a'] + other.__all__", ["a"], True),
        ("__all__ = [name for name in names]", [], True),
        ("__all__ = ['a', f'b', 'c d']", ["a"], True),
        ("def f():\n    __all__ = ['a']", None, False),
    ],
)
def test_exports_are_read_as_far_as_they_are_literal(
    text: str, exports: list[str] | None, is_open: object
) -> None:
    facts = extract(text)
    found = None if facts.exports is None else [facts.names[name] for name in facts.exports]
    assert found == exports
    assert facts.is_export_open == is_open


def test_an_exported_name_is_an_occurrence_behind_the_quote() -> None:
    text = "__all__ = ['abc']"
    facts = extract(text)
    assert occurrences_of(facts) == "__all__ WRITE, abc EXPORT"
    start = facts.starts[facts.occurrences("abc")[0]]
    assert text[start : start + 3] == "abc"
