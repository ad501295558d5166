"""What a proposal wants of a file whose text below may have moved on."""

from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.proposals import Proposal, ProposedFile, wish_between

A, B = Path("/r/a"), Path("/r/b")


def state(content: Content | None) -> State | None:
    return None if content is None else State(content=content)


@pytest.mark.parametrize(
    ("base", "content", "below", "expected"),
    [
        ("a\n", "A\n", "a\n", "A\n"),
        ("a\n", "A\n", "A\n", "A\n"),
        ("a\nb\n", "A\nb\n", "a\nB\n", "A\nB\n"),
        (None, "new", None, "new"),
        (None, "new", "new", "new"),
        ("a\n", None, "a\n", None),
        ("a\n", None, None, None),
        ("a\n", Binary(b"\0"), "a\n", Binary(b"\0")),
        (Link("a"), Link("b"), Link("b"), Link("b")),
        (Folder(), None, Folder(), None),
    ],
)
def test_a_proposal_is_shown_over_what_lies_below(
    base: Content | None,
    content: Content | None,
    below: Content | None,
    expected: Content | None,
) -> None:
    wish = ProposedFile(base=base, content=content)
    assert wish.over(state(below), name="a") == state(expected)


@pytest.mark.parametrize(
    ("base", "content", "below"),
    [
        ("a\n", "A\n", "aa\n"),
        ("a\n", "A\n", None),
        ("a\n", None, "aa\n"),
        (None, "new", "other"),
        ("a\n", "A\n", Binary(b"\0")),
        (Link("a"), Link("b"), Link("c")),
        (Binary(b"\0"), None, Binary(b"\1")),
    ],
)
def test_what_lies_below_wins_where_both_changed(
    base: Content | None, content: Content | None, below: Content | None
) -> None:
    with pytest.raises(StaleEdit, match=r"'a'"):
        ProposedFile(base=base, content=content).over(state(below), name="a")


@pytest.mark.parametrize(
    ("wish", "below", "expected"),
    [
        (ProposedFile(base="a", content="b"), 0o600, 0o600),
        (ProposedFile(base="a", content="b", mode=0o755), 0o600, 0o755),
        (ProposedFile(base="a", content="a", mode=0o755), 0o600, 0o755),
    ],
)
def test_a_mode_that_nobody_wished_for_stays(wish: ProposedFile, below: int, expected: int) -> None:
    over = wish.over(State(content="a", mode=below, has_bom=True), name="a")
    assert over == State(content=str(wish.content), mode=expected, has_bom=True)


def test_a_new_file_gets_the_mode_and_the_mark_that_it_was_given() -> None:
    made = State(content="a", mode=0o700, has_bom=True)
    assert wish_between(None, made).over(None, name="a") == made


before_and_after = [
    (State(content="a", mode=0o644), State(content="b", mode=0o644)),
    (State(content="a", mode=0o644), State(content="a", mode=0o755)),
    (State(content="a", mode=0o644), State(content="a", mode=0o644, has_bom=True)),
    (State(content="a", mode=0o644, has_bom=True), State(content="b", mode=0o644)),
    (State(content="a", mode=0o644), State(content=Binary(b"\0"), mode=0o644)),
    (State(content="a", mode=0o644), State(content=Link("b"))),
    (State(content=Link("b")), State(content="a", mode=0o644)),
    (State(content=Folder(), mode=0o755), State(content=Folder(), mode=0o700)),
    (State(content="a", mode=0o644), None),
    (None, State(content="", mode=0o600)),
    (None, State(content=Folder(), mode=0o755)),
]


@pytest.mark.parametrize(("before", "after"), before_and_after)
def test_a_wish_makes_the_one_state_the_other(before: State | None, after: State | None) -> None:
    wish = wish_between(before, after)
    assert wish.over(before, name="a") == after
    assert wish.over(after, name="a") == after
    assert not wish.is_empty
    assert wish_between(before, before).is_empty
    assert wish_between(after, after).is_empty


def test_a_file_that_is_as_it_was_leaves_the_proposal() -> None:
    a = State(content="a")
    held = Proposal(id="p", label="").holding(
        "first", {A: a, B: None}, {A: State(content="A"), B: State(content="b")}
    )
    assert (held.label, set(held.files)) == ("first", {A, B})
    held = held.holding("second", {A: a, B: None}, {A: a, B: None})
    assert (held.label, dict(held.files)) == ("first", {})
