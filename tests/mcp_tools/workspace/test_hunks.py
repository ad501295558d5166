"""The smallest parts of a change that somebody decides on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.diffs import apply_edits
from mcp_tools.workspace.hunks import Hunk, HunkKind, LineRange, hunks_between, with_hunks
from tests.mcp_tools.workspace.texts import any_text, lines, many

A = Path("/r/a")

texts = any_text | lines() | lines("\r\n")


def state(content: Content, *, mode: int | None = 0o644, has_bom: bool = False) -> State:
    return State(content=content, mode=mode, has_bom=has_bom)


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    return hunks_between(A, state(old), state(new))


def ids(old: str, new: str) -> list[str]:
    return [hunk.id for hunk in hunks(old, new)]


def test_each_run_of_lines_is_a_hunk_of_its_own() -> None:
    first, second, third = hunks("1\n2\n3\n4\n5\n", "one\n2\n3!\nnew\n4\n")
    assert (first.old_lines, first.new_lines) == (LineRange(0, 1), LineRange(0, 1))
    assert (first.old_text, first.new_text) == ("1\n", "one\n")
    assert (second.old_lines, second.new_lines) == (LineRange(2, 3), LineRange(2, 4))
    assert (second.old_text, second.new_text) == ("3\n", "3!\nnew\n")
    assert (third.old_lines, third.new_lines) == (LineRange(4, 5), LineRange(5, 5))
    assert (third.old_text, third.new_text) == ("5\n", "")
    assert {hunk.kind for hunk in (first, second, third)} == {HunkKind.LINES}
    assert {hunk.path for hunk in (first, second, third)} == {A}


def test_lines_that_are_put_in_are_before_the_line_that_follows() -> None:
    (hunk,) = hunks("1\n2\n", "1\nnew\n2\n")
    assert (hunk.old_lines, hunk.new_lines) == (LineRange(1, 1), LineRange(1, 2))
    assert (hunk.old_text, hunk.new_text) == ("", "new\n")


@given(texts, texts, st.data())
@many
def test_any_choice_of_hunks_makes_these_and_leaves_the_others(
    old: str, new: str, data: st.DataObject
) -> None:
    found = hunks(old, new)
    chosen = [hunk for hunk in found if data.draw(st.booleans())]
    half = with_hunks(state(old), chosen)
    assert half is not None
    expected = split_lines(old)
    for hunk in reversed(chosen):
        expected[hunk.old_lines.first : hunk.old_lines.end] = split_lines(hunk.new_text)
    assert half.content == "".join(expected)


@given(texts, texts)
@many
def test_all_hunks_together_are_the_whole_change(old: str, new: str) -> None:
    found = hunks(old, new)
    assert with_hunks(state(old), found) == state(new)
    assert with_hunks(state(old), reversed(found)) == state(new)
    assert with_hunks(state(old), ()) == state(old)
    edits = tuple(hunk.edit for hunk in found if hunk.edit is not None)
    assert apply_edits(old, edits) == new
    for hunk in found:
        assert split_lines(old)[slice(hunk.old_lines.first, hunk.old_lines.end)] == split_lines(
            hunk.old_text
        )
        assert split_lines(new)[slice(hunk.new_lines.first, hunk.new_lines.end)] == split_lines(
            hunk.new_text
        )


@given(texts, texts)
@many
def test_no_two_hunks_have_one_id(old: str, new: str) -> None:
    assert len(set(ids(old, new))) == len(ids(old, new))


def test_a_hunk_keeps_its_id_while_lines_elsewhere_change() -> None:
    assert ids("1\n2\n3\n", "1\n2\nthree\n") == ids("x\n1\n2\n3\n", "x\n1\n2\nthree\n")
    (_, second) = ids("1\n2\n3\n", "one\n2\nthree\n")
    assert [second] == ids("one\n2\n3\n", "one\n2\nthree\n")


def test_a_hunk_of_another_path_or_kind_has_another_id() -> None:
    (here,) = hunks("1\n", "2\n")
    (there,) = hunks_between(Path("/r/b"), state("1\n"), state("2\n"))
    (whole,) = hunks_between(A, None, state("2\n"))
    (gone,) = hunks_between(A, state("2\n"), None)
    assert len({here.id, there.id, whole.id, gone.id}) == 4


WHOLE = [
    (None, state("new\n")),
    (None, state("", mode=0o755)),
    (None, state(Folder())),
    (state("old\n"), None),
    (state(Link("x"), mode=None), None),
    (state("old\n"), state(Binary(b"\0"))),
    (state(Binary(b"\0")), state(Binary(b"\1"))),
    (state("old\n"), state(Link("x"), mode=None)),
    (state(Folder()), state("new\n")),
    (state("old\n"), state("old\n", has_bom=True)),
    (state("old\n", has_bom=True), state("new\n")),
]


@pytest.mark.parametrize(("before", "after"), WHOLE)
def test_what_no_line_can_show_is_one_hunk(before: State | None, after: State | None) -> None:
    (hunk,) = hunks_between(A, before, after)
    assert (hunk.kind, hunk.after, hunk.edit) == (HunkKind.WHOLE, after, None)
    assert with_hunks(before, (hunk,)) == after
    assert with_hunks(before, ()) == before


def test_a_file_that_is_made_or_removed_shows_its_lines() -> None:
    (made,) = hunks_between(A, None, state("1\n2\n"))
    assert (made.old_text, made.new_text) == ("", "1\n2\n")
    assert (made.old_lines, made.new_lines) == (LineRange(0, 0), LineRange(0, 2))
    (gone,) = hunks_between(A, state("1\n"), state(Link("x"), mode=None))
    assert (gone.old_text, gone.new_text) == ("1\n", "")


def test_a_mode_is_a_hunk_beside_those_of_the_lines() -> None:
    before, after = state("1\n2\n", mode=0o644), state("one\n2\n", mode=0o755)
    lines_hunk, mode_hunk = hunks_between(A, before, after)
    assert (lines_hunk.kind, mode_hunk.kind) == (HunkKind.LINES, HunkKind.MODE)
    assert with_hunks(before, (lines_hunk,)) == state("one\n2\n", mode=0o644)
    assert with_hunks(before, (mode_hunk,)) == state("1\n2\n", mode=0o755)
    assert with_hunks(before, (mode_hunk, lines_hunk)) == after
    (alone,) = hunks_between(A, state(Binary(b"\0")), state(Binary(b"\0"), mode=0o755))
    assert alone.kind is HunkKind.MODE


def test_a_mode_that_nobody_wished_for_is_no_hunk() -> None:
    assert hunks_between(A, state("1\n"), state("1\n", mode=None)) == ()


def test_nothing_changed_is_no_hunk() -> None:
    assert hunks_between(A, None, None) == ()
    assert hunks_between(A, state(Folder()), state(Folder())) == ()
    assert hunks_between(A, state("1\n", has_bom=True), state("1\n", has_bom=True)) == ()
