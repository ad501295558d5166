"""Tokens to go on with."""

import pytest

from mcp_tools.code.answers.cursor import cursor_at, fingerprint, start_of
from mcp_tools.types.errors import InvalidEdit, StaleEdit

QUERY, ANSWER = fingerprint(["references a"]), fingerprint(["a.py", "1:1"])


def test_a_cursor_gives_back_where_it_was_made() -> None:
    assert start_of(cursor_at(17, QUERY, ANSWER), QUERY, ANSWER) == 17


def test_a_cursor_of_another_question_is_refused() -> None:
    with pytest.raises(InvalidEdit, match="another question"):
        start_of(cursor_at(1, fingerprint(["references b"]), ANSWER), QUERY, ANSWER)


def test_a_cursor_of_an_answer_that_has_changed_is_refused() -> None:
    with pytest.raises(StaleEdit, match="changed since"):
        start_of(cursor_at(1, QUERY, fingerprint(["a.py", "2:1"])), QUERY, ANSWER)


@pytest.mark.parametrize("text", ["", "1", "x.y.z", "-1.00000000.00000000", "1.0.0\n"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidEdit, match="leave it out"):
        start_of(text, QUERY, ANSWER)


def test_fingerprints_tell_where_one_text_ends() -> None:
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])
    assert fingerprint(["\ud800"]) != fingerprint(["a"])
