"""Tests of text for a person."""

import pytest

from lsp_agent.permissions.shell.showing import MAX_CHARS, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é", "plain é"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\x1b[2J", "a<U+001B>[2J"),
        ("a\nb\tc", "a<U+000A>b<U+0009>c"),
        ("a\u00a0b", "a<U+00A0>b"),
        ("a\u3164b", "a<U+3164>b"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_what_cannot_be_seen_is_a_code(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_cut_is_marked() -> None:
    assert one_line("x" * (MAX_CHARS + 5)) == "x" * MAX_CHARS + " [cut: 5 more characters]"
