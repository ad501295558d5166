"""Edits by offset as replacements of whole lines, as the tool reads them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lsp_agent.models.offline.editing import (
    applied,
    are_apart,
    inverted,
    moved,
    replacements,
)
from mcp_tools.code.replacing import Replacement, replacing_edits
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span
from mcp_tools.workspace.diffs import apply_edits

_TEXTS = st.lists(
    st.sampled_from(["a = 1", "b = 2", "    a = 1", "", "é😀", "\t", "\u2028\x0c", "a"]), min_size=1
).flatmap(lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda newline: newline.join(lines)))


@st.composite
def _edited(draw: st.DrawFn) -> tuple[str, tuple[TextEdit, ...]]:
    text = draw(_TEXTS.filter(bool))
    newline = "\r\n" if "\r\n" in text else "\n"
    # An edit never cuts a line end in two.
    places = [at for at in range(len(text) + 1) if text[at - 1 : at + 1] != "\r\n"]
    chosen = sorted(draw(st.lists(st.sampled_from(places), min_size=2, max_size=6)))
    pairs = list(zip(chosen[::2], chosen[1::2], strict=False))
    news = st.sampled_from(["", "x", f"x{newline}", f"{newline}y{newline}", "a = 1"])
    edits = tuple(TextEdit(Span(start, end), draw(news)) for start, end in pairs)
    return text, edits


def _replaced(text: str, edits: tuple[TextEdit, ...]) -> str:
    for one in replacements(text, edits):
        text = apply_edits(text, replacing_edits(text, Replacement(old=one.old, new=one.new)))
    return text


@settings(derandomize=True, deadline=None)
@given(_edited())
def test_the_tool_makes_the_same_text_and_takes_it_back(
    edited: tuple[str, tuple[TextEdit, ...]],
) -> None:
    text, edits = edited
    if not are_apart(edits):
        return
    after = applied(text, edits)
    assert _replaced(text, edits) == after
    back = inverted(text, edits)
    assert applied(after, back) == text
    if after and are_apart(back):
        assert _replaced(after, back) == text


def test_a_line_that_is_there_twice_takes_its_neighbors_along() -> None:
    text = "x\nsame\ny\nsame\nz\n"
    edits = [TextEdit(Span(9, 9), "not ")]
    (one,) = replacements(text, edits)
    assert text.count(one.old) == 1
    assert text.replace(one.old, one.new) == "x\nsame\ny\nnot same\nz\n"


def test_offsets_move_with_the_text_before_them() -> None:
    edits = [TextEdit(Span(2, 4), "abcdef"), TextEdit(Span(8, 8), "x")]
    assert [moved(at, edits) for at in (0, 3, 4, 8, 9)] == [0, 2, 8, 13, 14]


def test_edits_that_meet_are_not_apart() -> None:
    assert not are_apart([TextEdit(Span(0, 2), ""), TextEdit(Span(2, 3), "")])
    assert are_apart([TextEdit(Span(0, 2), ""), TextEdit(Span(3, 3), "")])
