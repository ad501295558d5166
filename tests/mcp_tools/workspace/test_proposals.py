"""What a proposal wants of a file whose text below may have moved on."""

from pathlib import Path

import pytest

from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.proposals import Proposal, ProposedFile

A, B = Path("/r/a"), Path("/r/b")


@pytest.mark.parametrize(
    ("base", "text", "below", "expected"),
    [
        ("a\n", "A\n", "a\n", "A\n"),
        ("a\n", "A\n", "A\n", "A\n"),
        ("a\nb\n", "A\nb\n", "a\nB\n", "A\nB\n"),
        (None, "new", None, "new"),
        (None, "new", "new", "new"),
        ("a\n", None, "a\n", None),
        ("a\n", None, None, None),
    ],
)
def test_a_proposal_is_shown_over_what_lies_below(
    base: str | None, text: str | None, below: str | None, expected: str | None
) -> None:
    assert ProposedFile(base=base, text=text).over(below, name="a") == expected


@pytest.mark.parametrize(
    ("base", "text", "below"),
    [
        ("a\n", "A\n", "aa\n"),
        ("a\n", "A\n", None),
        ("a\n", None, "aa\n"),
        (None, "new", "other"),
    ],
)
def test_what_lies_below_wins_where_both_changed(
    base: str | None, text: str | None, below: str | None
) -> None:
    with pytest.raises(StaleEdit, match=r"'a'"):
        ProposedFile(base=base, text=text).over(below, name="a")


def test_a_file_that_is_as_it_was_leaves_the_proposal() -> None:
    held = Proposal(id="p", label="").holding("first", {A: "a", B: None}, {A: "A", B: "b"})
    assert (held.label, set(held.files)) == ("first", {A, B})
    held = held.holding("second", {A: "a", B: None}, {A: "a", B: None})
    assert (held.label, dict(held.files)) == ("first", {})
