"""Which files the index understands."""

import pytest

from mcp_tools.index.languages import language_of


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.py", "python"),
        ("a/b.pyi", "python"),
        ("a.PY", "python"),
        ("a.pyc", None),
        ("py", None),
        ("a.py/b.txt", None),
    ],
)
def test_a_file_shows_its_language_by_its_name(file: str, name: str | None) -> None:
    language = language_of(file)
    assert (language.name if language else None) == name


def test_a_language_gives_facts() -> None:
    language = language_of("a.py")
    assert language is not None
    assert language.extract("x = y").occurrences("y")
