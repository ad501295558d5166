"""What cannot be seen is spelled out, and what is cut is counted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.engine.spelling import one_line, shortened, spelled


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("npm test", "npm test"),
        ("é ü 漢字 א", "é ü 漢字 א"),
        ("a\nb\tc", "a\nb\tc"),
        ("a\rb\x1b[2Jc", "a<U+000D>b<U+001B>[2Jc"),
        ("rm\u202e fdp", "rm<U+202E> fdp"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("rm\u00a0-rf", "rm<U+00A0>-rf"),
        ("a\u3164b\u2800", "a<U+3164>b<U+2800>"),
        ("a\u2028b\x85", "a<U+2028>b<U+0085>"),
        ("\ud800", "<U+D800>"),
        ("\U000e0041", "<U+E0041>"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert spelled(text) == shown


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    for char in one_line(text):
        assert char == " " or unicodedata.category(char)[0] not in "CZ"


def test_a_line_break_is_spelled_out_where_there_is_one_line() -> None:
    assert one_line("a\nb\tc") == "a<U+000A>b<U+0009>c"


def test_a_cut_says_how_much_is_missing() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcde", 3) == "abc\n[cut: 2 more characters]"
