"""JSON as a tree with places, and what is no JSON, with the place of the fault."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.installing.formats import UnusableSettings
from lsp_agent.installing.json_text import parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(value=VALUES, indent=st.sampled_from([None, 2, "\t"]), is_ascii=st.booleans())
def test_what_json_writes_is_read(
    *, value: object, indent: int | str | None, is_ascii: bool
) -> None:
    root = parse(json.dumps(value, indent=indent, ensure_ascii=is_ascii))
    assert root is not None
    assert root.value == value


def test_comments_and_late_commas_are_read_where_they_are_allowed() -> None:
    text = '// a\n{"a": [1, /* "b": 2 */ 3,], // c\n "url": "https://x//y",}\n'
    root = parse(text, allows="comments")
    assert root is not None
    assert root.value == {"a": [1, 3], "url": "https://x//y"}


@pytest.mark.parametrize("text", ["", " \n", "// nothing\n/* at all */"])
def test_a_text_may_say_nothing(text: str) -> None:
    assert parse(text, allows="comments") is None


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ('{"a": 1', "line 1, column 8", "',' or '}', got the end of the file"),
        ('{\n  "a": 1\n  "b": 2\n}', "line 3, column 3", "',' or '}', got a text"),
        ("{a: 1}", "line 1, column 2", "a key in double quotes, got 'a'"),
        ('{"a" 1}', "line 1, column 6", "':', got '1'"),
        ('{"a": }', "line 1, column 7", "a value, got '}'"),
        ("{} {}", "line 1, column 4", "nothing more, got '{'"),
        ("[1 2]", "line 1, column 4", "',' or ']', got '2'"),
        ("[1,]", "line 1, column 4", "another one after ',', got ']'"),
        ('{"a": 1,}', "line 1, column 9", "another one after ',', got '}'"),
        ("// a\n{}", "line 1, column 1", "JSON without comments"),
        ("{'a': 1}", "line 1, column 2", 'JSON, got "\'"'),
        ('"a\nb"', "line 1, column 1", "JSON, got '\"'"),
        ("nope", "line 1, column 1", "a value of JSON, got 'nope'"),
        ("[" * 300, "line 1, column 202", "at most 200 levels"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, where: str, expected: str) -> None:
    with pytest.raises(UnusableSettings) as caught:
        parse(text)
    assert str(caught.value) == f"{where}: expected {expected}"


@given(st.text(alphabet='{}[]",:/* \n\\a1', max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parse(text, allows="comments")
    except UnusableSettings as error:
        assert str(error).startswith("line ")  # noqa: PT017 - both ends are good ones
