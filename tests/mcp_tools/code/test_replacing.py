"""Finding old text and putting new text in its place."""

import pytest

from mcp_tools.code.replacing import Replacement, replacing_edits
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.workspace.diffs import apply_edits


def replaced(text: str, old: str, new: str, *, is_everywhere: bool = False) -> str:
    wanted = Replacement(old=old, new=new, is_everywhere=is_everywhere)
    return apply_edits(text, replacing_edits(text, wanted))


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("a b c", "b", "x", "a x c"),
        ("a\r\nb\r\nc", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc"),
        ("a\rb\rc", "a\nb", "x\ny", "x\ry\rc"),
        ("a\nb\n", "a\r\nb", "x\r\ny", "x\ny\n"),
        # Of mixed line ends, lines that stay keep their own.
        ("a\r\nb\nc\r\nd\r\n", "a\nb\nc\n", "a\nB\nB2\nc\n", "a\r\nB\r\nB2\r\nc\r\nd\r\n"),
        # One line becomes two: the line end comes from where it stands.
        ("a\r\nb\r\nc\n", "b", "x\ny", "a\r\nx\r\ny\r\nc\n"),
        # A CR in the old text, found exactly, is replaced exactly.
        ("a\r\nb\n", "a\r\nb", "x\ny", "x\ny\n"),
        ("a\nb\n", "a\nb", "a\r\nb", "a\r\nb\n"),
        # A line end can be deleted, and never by halves.
        ("a\r\nb", "\nb", "b", "ab"),
        ("😀 a\u2028b\x0c", "a\u2028b", "é", "😀 é\x0c"),
        ("last", "last", "last\nline\n", "last\nline\n"),
    ],
)
def test_text_is_replaced_with_the_line_ends_of_its_place(
    text: str, old: str, new: str, expected: str
) -> None:
    assert replaced(text, old, new) == expected


def test_every_place_is_replaced_when_asked_for() -> None:
    text = "a\r\nb\na\nb\n"
    assert replaced(text, "a\nb", "x\ny", is_everywhere=True) == "x\r\ny\nx\ny\n"
    assert replaced("aaaa", "aa", "b", is_everywhere=True) == "bb"


def test_overlapping_places_are_more_than_one() -> None:
    with pytest.raises(InvalidEdit, match="found 2 times, on lines 1, 1"):
        replaced("aaa", "aa", "b")


def test_places_that_differ_in_line_ends_only_are_more_than_one() -> None:
    with pytest.raises(InvalidEdit, match="on lines 1, 3; add lines around it"):
        replaced("a\r\nb\na\nb\n", "a\nb", "x")


def test_the_error_for_many_places_names_ten_of_them() -> None:
    with pytest.raises(InvalidEdit, match=r"found 12 times, on lines 1, .*, 10, \.\.\.;"):
        replaced("a\n" * 12, "a", "b")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("", "x", "got an empty one; use write_file"), ("a", "a", "nothing would change")],
)
def test_a_wish_that_cannot_be_meant_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(InvalidEdit, match=message):
        replaced("a", old, new)


def test_missing_text_is_answered_with_the_most_similar_lines() -> None:
    text = "import os\n\n\ndef greet(name):\n    return name.upper()\n"
    with pytest.raises(InvalidEdit) as caught:
        replaced(text, "def greet(nam):\n    return nam.upper()\n", "x")
    assert "the most similar lines are:\n     4\tdef greet(name):\n     5\t    return" in str(
        caught.value
    )


def test_missing_text_that_differs_in_white_space_is_said_to() -> None:
    with pytest.raises(InvalidEdit, match="differ from it only in white space:\n     1\t\tx = 1"):
        replaced("\tx = 1\n", "    x = 1\n", "y")


def test_line_numbers_in_the_old_text_are_pointed_out() -> None:
    with pytest.raises(InvalidEdit, match="leave out each number and the tab"):
        replaced("x = 1\ny = 2\n", "     1\tx = 1\n     2\ty = 2\n", "z")


@pytest.mark.parametrize(("text", "message"), [("zzz\n", "no line is similar"), ("", "is empty")])
def test_missing_text_without_likeness_asks_for_a_read(text: str, message: str) -> None:
    with pytest.raises(InvalidEdit, match=message):
        replaced(text, "something else entirely", "x")


def test_five_million_characters_are_searched() -> None:
    text = "x = 1\n" * 800_000 + "needle\n" + "y = 2\n" * 30_000
    assert replaced(text, "needle\n", "thread\n").count("thread") == 1
