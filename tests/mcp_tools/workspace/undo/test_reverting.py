"""Taking hunks of a change out of what a path holds now."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.workspace.hunks import hunks_between, with_hunks
from mcp_tools.workspace.undo.past import PathChange
from mcp_tools.workspace.undo.reverting import Reverted, revert
from tests.mcp_tools.workspace.texts import any_text, lines, many

PATH = Path("/project/a.py")


def change(before: State | None, after: State | None) -> PathChange:
    hunks = hunks_between(PATH, before, after)
    return PathChange(name="a.py", path=PATH, before=before, after=after, hunks=hunks)


def state(content: Content, mode: int | None = 0o644, *, has_bom: bool = False) -> State:
    return State(content=content, mode=mode, has_bom=has_bom)


def taken_out(before: State | None, after: State | None, now: State | None) -> Reverted:
    """Take all of a change out of `now`."""
    made = change(before, after)
    return revert(made, made.hunks, now)


def text_of(reverted: Reverted) -> str:
    assert reverted.state is not None
    assert isinstance(reverted.state.content, str)
    return reverted.state.content


@pytest.mark.parametrize(
    ("before", "after", "now", "expected", "left_lines"),
    [
        pytest.param("a\nb\n", "a\nB\n", "a\nB\n", "a\nb\n", [], id="nothing-since"),
        pytest.param("a\nb\n", "a\nB\n", "x\na\nB\n", "x\na\nb\n", [], id="typed-above"),
        pytest.param("a\nb\n", "a\nB\n", "a\nB\nx\n", "a\nb\nx\n", [], id="typed-below"),
        pytest.param("a\nb\n", "a\nB\n", "a\nBx\n", "a\nBx\n", [2], id="typed-in-the-line"),
        pytest.param("a\n", "a\nn\n", "a\nn\nx\n", "a\nx\n", [], id="typed-behind-a-new-line"),
        pytest.param("a\n", "a\nm\nn\n", "a\nm\nx\nn\n", "a\nm\nx\nn\n", [2], id="typed-within"),
        pytest.param("a\nb\nc\n", "a\nc\n", "x\na\nc\n", "x\na\nb\nc\n", [], id="a-line-again"),
        pytest.param("a\nb\nc\n", "a\nc\n", "a\n", "a\n", [2], id="the-neighbor-is-gone"),
        pytest.param("a\nb\n", "a\nB\n", "a\nb\n", "a\nb\n", [], id="taken-out-by-hand"),
        pytest.param(
            "a\nb\nc\nd\n",
            "A\nb\nc\nD\n",
            "0\nA\nb\nc\nDx\n",
            "0\na\nb\nc\nDx\n",
            [5],
            id="one-of-two-was-touched",
        ),
        pytest.param(
            "a\nb\nc\nd\n",
            "A\nb\nc\nD\n",
            "a\nb\nx\nc\nD\n",
            "a\nb\nx\nc\nd\n",
            [],
            id="one-of-two-by-hand",
        ),
        pytest.param(
            "a\r\nb\r\n", "a\r\nB\r\n", "x\r\na\r\nB\r\n", "x\r\na\r\nb\r\n", [], id="crlf"
        ),
        pytest.param("x\na\nb\n", "x\nb\n", "a\nb\n", "a\nb\n", [], id="an-older-text"),
        pytest.param("x\na\nb\n", "x\nb\n", "a", "a", [], id="an-older-text-without-end"),
        pytest.param("", "a\n", "a\nx\n", "x\n", [], id="an-empty-file"),
    ],
)
def test_hunks_that_nobody_touched_go(
    before: str, after: str, now: str, expected: str, left_lines: list[int]
) -> None:
    reverted = taken_out(state(before), state(after), state(now))
    assert text_of(reverted) == expected
    assert [left.line_number for left in reverted.left] == left_lines


def test_only_the_chosen_hunks_go() -> None:
    made = change(state("a\nb\nc\nd\ne\n"), state("A\nb\nC\nd\nE\n"))
    assert (
        text_of(revert(made, made.hunks[1:2], state("x\nA\nb\nC\nd\nE\n"))) == "x\nA\nb\nc\nd\nE\n"
    )
    nothing = revert(made, (), state("x\n"))
    assert nothing == Reverted(state("x\n"), (), ())


def test_of_many_hunks_just_the_touched_ones_stay() -> None:
    before = [f"line {n}\n" for n in range(200)]
    after = [f"new {n}\n" if n % 4 == 0 else line for n, line in enumerate(before)]
    now = [f"typed {n}\n" if n % 20 == 0 else line for n, line in enumerate(after)]
    expected = [f"typed {n}\n" if n % 20 == 0 else line for n, line in enumerate(before)]
    reverted = taken_out(state("".join(before)), state("".join(after)), state("".join(now)))
    assert text_of(reverted) == "".join(expected)
    assert [left.line_number for left in reverted.left] == list(range(1, 200, 20))
    assert len(reverted.done) == 40


TEXT, BYTES, LINK, FOLDER = (
    state("a\n"),
    state(Binary(b"\0")),
    state(Link("t"), None),
    state(Folder()),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, TEXT, id="created"),
        pytest.param(TEXT, None, id="deleted"),
        pytest.param(None, FOLDER, id="folder-made"),
        pytest.param(LINK, None, id="link-removed"),
        pytest.param(LINK, state(Link("u"), None), id="link-turned"),
        pytest.param(TEXT, BYTES, id="text-to-bytes"),
        pytest.param(BYTES, state(Binary(b"\1")), id="other-bytes"),
        pytest.param(FOLDER, TEXT, id="folder-to-file"),
        pytest.param(TEXT, LINK, id="file-to-link"),
        pytest.param(state("a\n", has_bom=True), TEXT, id="mark-removed"),
    ],
)
def test_what_is_no_change_of_lines_goes_whole_or_not_at_all(
    before: State | None, after: State | None
) -> None:
    others = (None, state("typed\n"), state(Binary(b"\2")), state(Folder(), 0o700))
    assert taken_out(before, after, after).state == before
    assert taken_out(before, after, before).state == before
    for other in others:
        if other not in (before, after) and not (other and FOLDER in (before, after)):
            reverted = taken_out(before, after, other)
            assert reverted.state == other
            assert [left.line_number for left in reverted.left] == [None]


def test_a_file_that_somebody_typed_in_is_not_removed() -> None:
    typed = state("a\ntyped\n")
    reverted = taken_out(None, TEXT, typed)
    assert reverted.state == typed
    assert len(reverted.left) == 1


def test_permissions_that_nobody_asked_for_do_not_keep_a_new_file() -> None:
    assert taken_out(None, state("a\n", None), state("a\n", 0o600)).state is None


@pytest.mark.parametrize(
    ("now", "expected", "is_left"),
    [(0o755, 0o644, False), (0o644, 0o644, False), (None, 0o644, False), (0o700, 0o700, True)],
)
def test_permissions_go_by_value(now: int | None, expected: int, *, is_left: bool) -> None:
    reverted = taken_out(state("a\n", 0o644), state("a\n", 0o755), state("typed\n", now))
    assert reverted.state == state("typed\n", expected)
    assert bool(reverted.left) is is_left


def test_permissions_of_something_else_are_left_alone() -> None:
    for now in (None, state(Folder(), 0o755), LINK):
        reverted = taken_out(state("a\n", 0o644), state("a\n", 0o755), now)
        assert reverted.state == now
        assert len(reverted.left) == 1


def test_lines_and_permissions_of_one_change_are_separate() -> None:
    reverted = taken_out(state("a\n", 0o644), state("b\n", 0o755), state("typed\n", 0o755))
    assert reverted.state == state("typed\n", 0o644)
    assert len(reverted.left) == len(reverted.done) == 1


def test_newer_permissions_stay_when_a_content_comes_back() -> None:
    reverted = taken_out(BYTES, state(Binary(b"\1")), state(Binary(b"\1"), 0o600))
    assert reverted.state == state(Binary(b"\0"), 0o600)
    turned = taken_out(LINK, state("a\n", None), TEXT)
    assert turned.state == LINK


def test_lines_of_a_file_that_is_gone_are_left_alone() -> None:
    for now in (None, BYTES):
        reverted = taken_out(state("a\n"), state("b\n"), now)
        assert reverted.state == now
        assert [left.line_number for left in reverted.left] == [None]


@given(any_text, any_text)
@many
def test_a_change_that_nobody_touched_goes_exactly(before: str, after: str) -> None:
    reverted = taken_out(state(before), state(after), state(after))
    assert text_of(reverted) == before
    assert not reverted.left


@given(lines(), lines(), st.data())
@many
def test_any_part_of_a_change_goes_and_leaves_the_rest(
    before: str, after: str, data: st.DataObject
) -> None:
    made = change(state(before), state(after))
    is_chosen = data.draw(st.lists(st.booleans(), min_size=len(made.hunks), max_size=99))
    pairs = list(zip(made.hunks, is_chosen, strict=False))
    reverted = revert(made, [hunk for hunk, chosen in pairs if chosen], state(after))
    rest = with_hunks(state(before), [hunk for hunk, chosen in pairs if not chosen])
    assert reverted.state == rest
    assert not reverted.left


@st.composite
def typed_upon(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a change, and what a person made of it: every line is one of its kind."""
    before = [f"line {n}\n" for n in range(draw(st.integers(0, 6)))]
    after = edited(draw, before, "agent")
    return "".join(before), "".join(after), "".join(edited(draw, after, "person"))


def edited(draw: st.DrawFn, old: list[str], author: str) -> list[str]:
    new = list(old)
    for n in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        new[at : at + draw(st.integers(0, 2))] = [f"{author} {n}\n"] * draw(st.integers(0, 1))
    return new


@given(typed_upon())
@many
def test_nothing_that_was_typed_since_is_lost(texts: tuple[str, str, str]) -> None:
    before, after, now = texts
    reverted = taken_out(state(before), state(after), state(now))
    typed = set(now.splitlines()) - set(after.splitlines())
    assert typed <= set(text_of(reverted).splitlines())
    if not reverted.left:
        added = set(after.splitlines()) - set(before.splitlines())
        assert not added & set(text_of(reverted).splitlines())
