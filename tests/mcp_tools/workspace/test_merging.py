"""Carrying an edit over to a text that moved on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import Span
from mcp_tools.workspace.diffs import diff_edits
from mcp_tools.workspace.merging import merge, rebase_edits
from tests.mcp_tools.workspace.texts import any_text, many


def merged(base: str, mine: str, theirs: str) -> str | None:
    """Give the merged text, None when the edit is stale."""
    try:
        return merge(base, mine, theirs, name="a.py")
    except StaleEdit:
        return None


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        pytest.param("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", id="lines-apart"),
        pytest.param("a\nb\n", "A\nb\n", "a\nB\n", "A\nB\n", id="lines-side-by-side"),
        pytest.param("a\nb\nc\n", "A\nb\nc\n", "A\nb\nC\n", "A\nb\nC\n", id="the-same-and-more"),
        pytest.param("a\nb\n", "A\nb\n", "a\nb!\n", "A\nb!\n", id="the-end-of-the-next-line"),
        pytest.param("a\nb\n", "a!\nb\n", "a\nB\n", "a!\nB\n", id="the-end-of-a-line-before"),
        pytest.param("a\r\nb\r\n", "a!\r\nb\r\n", "a\r\nB\r\n", "a!\r\nB\r\n", id="crlf-end"),
        pytest.param("a\r\nb\r\n", "a\nb\r\n", "a\r\nB\r\n", "a\nB\r\n", id="crlf-to-lf"),
        pytest.param("ab\nc\n", "ab\nn\nc\n", "b\nc\n", "b\nn\nc\n", id="after-a-shorter-line"),
        pytest.param("a\nbc\n", "a\nn\nbc\n", "a\nc\n", "a\nn\nc\n", id="before-a-shorter-line"),
        pytest.param("a\nb\n", "a\nn\nb\n", "A\nb\n", "A\nn\nb\n", id="new-line-after-theirs"),
        pytest.param("a\nb\n", "a\nn\nb\n", "a\nB\n", "a\nn\nB\n", id="new-line-before-theirs"),
        pytest.param("a\nb\n", "A\nb\n", "a\nn\nb\n", "A\nn\nb\n", id="their-new-line-after"),
        pytest.param("a\nb\n", "a\nB\n", "a\nn\nb\n", "a\nn\nB\n", id="their-new-line-before"),
        pytest.param("a\nb\n", "a\nxb\n", "a\nn\nb\n", "a\nn\nxb\n", id="prefix-and-new-line"),
        pytest.param("a\nb\n", "a\nn\nb\n", "a\nxb\n", "a\nn\nxb\n", id="new-line-and-prefix"),
        pytest.param("b\n", "n\nb\n", "xb\n", "n\nxb\n", id="new-first-line-and-prefix"),
        pytest.param("a\nb\n", "b\n", "a\nb\nn\n", "b\nn\n", id="mine-removed-theirs-added"),
        pytest.param("a\nb\n", "a\n", "a\nb\nn\n", "a\nn\n", id="their-line-after-mine-removed"),
        pytest.param("a\nb\nc\n", "a\nc\n", "a\nb\n", "a\n", id="both-removed-side-by-side"),
        pytest.param("a\nb\n", "a\nb\nn\n", "a\nB\n", "a\nB\nn\n", id="appended-to-a-changed-line"),
        pytest.param("a\nb", "A\nb", "a\nb\nn", "A\nb\nn", id="no-line-end-at-the-end"),
        pytest.param("a\n", "A\n", "a\nn", "A\nn", id="typing-a-new-last-line"),
        pytest.param("a\nb", "a\n", "A\nb", "A\n", id="last-line-without-end-removed"),
        pytest.param("a\r\nb\r\n", "A\r\nb\r\n", "a\r\nB\r\n", "A\r\nB\r\n", id="crlf"),
        pytest.param("a\r\nb\r\n", "a\r\nn\r\nb\r\n", "a\r\nB\r\n", "a\r\nn\r\nB\r\n", id="crlf-2"),
        pytest.param("a\rb\r", "a\rn\rb\r", "A\rb\r", "A\rn\rb\r", id="lone-cr"),
        pytest.param("", "a\n", "", "a\n", id="empty-and-unchanged"),
    ],
)
def test_changes_of_different_lines_are_both_kept(
    base: str, mine: str, theirs: str, expected: str
) -> None:
    assert merged(base, mine, theirs) == expected


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        pytest.param("a\n", "A\n", "aa\n", id="the-same-line"),
        pytest.param("a = 1\n", "b = 1\n", "a = 2\n", id="two-places-of-one-line"),
        # One stretch of changed lines is one edit, so theirs is not seen to contain ours.
        pytest.param("a\nb\n", "A\nb\n", "A\nB\n", id="the-same-change-within-a-larger-one"),
        pytest.param("a\n", "", "aa\n", id="removed-and-changed"),
        pytest.param("a\n", "aa\n", "", id="changed-and-removed"),
        pytest.param("a\n", "a\nm\n", "a\nt\n", id="both-added-at-one-place"),
        pytest.param("a\n", "a\nm\n", "a\nt", id="both-added-at-the-end-one-still-typing"),
        pytest.param("", "m\n", "t", id="both-began-an-empty-file"),
        pytest.param("a\nb\nc\n", "a\nb\nm\nc\n", "a\nc\n", id="added-after-a-removed-line"),
        pytest.param("a\nb\nc\n", "a\nm\nb\nc\n", "a\nc\n", id="added-before-a-removed-line"),
        pytest.param("a\nb", "a\nm\nb", "a\n", id="added-before-a-removed-last-line"),
        pytest.param("a\nb\nc\nd\n", "a\nb\nm\nc\nd\n", "a\nd\n", id="added-within-removed-lines"),
        pytest.param("a\nb\n", "a\nb\nm\n", "a\nb", id="appended-where-the-line-end-went"),
        pytest.param("a\nb\n", "a\nb", "a\nb\nt\n", id="line-end-taken-where-they-appended"),
        pytest.param("a\nb", "a\nB", "a\nb\nt", id="appended-to-a-last-line-without-end"),
        pytest.param("a\nb\n", "a\nm\nb\n", "ab\n", id="added-between-joined-lines"),
        pytest.param("a\nb\nc\n", "ab\nc\n", "a\nb!\nc\n", id="joined-and-changed"),
        pytest.param("a\r\nb\r\n", "a\nb\n", "a\r\nB\r\n", id="line-ends-converted"),
    ],
)
def test_a_doubt_is_a_refusal(base: str, mine: str, theirs: str) -> None:
    with pytest.raises(StaleEdit, match=r"line \d+ of 'a\.py' was changed .* run the fix again"):
        merge(base, mine, theirs, name="a.py")


def test_a_refusal_names_the_line_of_the_text_that_was_read() -> None:
    with pytest.raises(StaleEdit, match="line 3 of"):
        merge("a\nb\nc\n", "a\nb\nC\n", "new\na\nb\ncc\n", name="a.py")


def test_an_edit_of_the_same_text_stays_as_it_is() -> None:
    edits = (TextEdit(Span(0, 1), "A"),)
    assert rebase_edits(edits, "a\n", "a\n", name="a") is edits


def test_an_edit_that_was_made_already_is_left_out() -> None:
    edits = (TextEdit(Span(0, 1), "A"), TextEdit(Span(4, 5), "C"))
    moved = rebase_edits(edits, "a\nb\nc\n", "new\na\nb\nC\n", name="a")
    assert moved == (TextEdit(Span(4, 5), "A"),)


@given(any_text, any_text)
@many
def test_a_side_that_did_nothing_changes_nothing(base: str, changed: str) -> None:
    assert merged(base, changed, base) == changed
    assert merged(base, base, changed) == changed
    assert merged(base, changed, changed) == changed


@given(any_text, any_text, any_text)
@many
def test_a_merge_makes_both_changes_and_no_other(base: str, mine: str, theirs: str) -> None:
    result = merged(base, mine, theirs)
    if result is None:
        return
    inserted = sorted("".join(e.new_text for e in own_edits(base, mine, theirs)))
    kept = sorted(result)
    for character in inserted:
        kept.remove(character)  # a ValueError here is a lost character
    assert len(kept) <= len(theirs)


def own_edits(base: str, mine: str, theirs: str) -> list[TextEdit]:
    made = diff_edits(base, theirs)
    return [edit for edit in diff_edits(base, mine) if edit not in made]


@st.composite
def histories(draw: st.DrawFn, newline: str) -> tuple[list[str], list[str], list[str], bool]:
    """Draw base, mine and theirs as lists of lines, each line of the base different."""
    n_lines = draw(st.integers(1, 6))
    base = [f"line {n}{newline}" for n in range(n_lines)]
    mine, theirs = list(base), list(base)
    is_clear = True
    for n in range(n_lines):
        side = draw(st.sampled_from(["none", "mine", "theirs", "both"]))
        is_clear = is_clear and side != "both"
        if side in {"mine", "both"}:
            mine[n] = f"mine {n}{newline}"
        if side in {"theirs", "both"}:
            theirs[n] = f"theirs {n}{newline}"
    return base, mine, theirs, is_clear


@given(st.sampled_from(["\n", "\r\n", "\r"]).flatmap(histories))
@many
def test_changed_lines_merge_exactly_when_no_line_was_changed_by_both(
    history: tuple[list[str], list[str], list[str], bool],
) -> None:
    base, mine, theirs, is_clear = history
    expected = "".join(t if t != b else m for b, m, t in zip(base, mine, theirs, strict=True))
    result = merged("".join(base), "".join(mine), "".join(theirs))
    assert result == (expected if is_clear else None)
