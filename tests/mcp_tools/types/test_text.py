"""Lines, offsets and spans, in every kind of line end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.types.text import (
    LineIndex,
    Place,
    Span,
    digest_of,
    newline_of,
    split_lines,
)

any_text = st.text(st.sampled_from("ab\n\r\x0c\u2028\x85😀"), max_size=30)
check_many = settings(max_examples=200, derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a\n"]),
        ("a\nb", ["a\n", "b"]),
        ("a\r\nb\rc\n", ["a\r\n", "b\r", "c\n"]),
        ("\n\r\n\r", ["\n", "\r\n", "\r"]),
        ("a\n\r\nb", ["a\n", "\r\n", "b"]),
        ("a\x0cb\u2028c\u2029d\x85e\x0bf\x1cg\n", ["a\x0cb\u2028c\u2029d\x85e\x0bf\x1cg\n"]),
        ("😀\n😀", ["😀\n", "😀"]),
    ],
)
def test_lines_end_at_line_ends_and_at_nothing_else(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines
    assert LineIndex(text).n_lines == len(lines) + (not text or text[-1] in "\r\n")


@given(any_text)
@check_many
def test_split_lines_joined_are_the_text(text: str) -> None:
    assert "".join(split_lines(text)) == text


@given(any_text)
@check_many
def test_each_offset_has_one_place_that_leads_back_to_it(text: str) -> None:
    index = LineIndex(text)
    places = [index.place(offset) for offset in range(len(text) + 1)]
    assert len(set(places)) == len(places)
    for offset, place in enumerate(places):
        is_inside_crlf = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
        assert index.offset(place) == (offset - 1 if is_inside_crlf else offset)


@given(any_text)
@check_many
def test_lines_with_their_ends_cover_the_text(text: str) -> None:
    index = LineIndex(text)
    spans = [index.line_span(line, with_end=True) for line in range(index.n_lines)]
    assert "".join(text[span.start : span.end] for span in spans) == text
    for line in range(index.n_lines):
        assert not set(index.line_text(line)) & {"\r", "\n"}


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (0, 0)), (1, (0, 1)), (2, (1, 0)), (4, (1, 2)), (5, (2, 0)), (6, (2, 1)), (99, (2, 1))],
)
def test_columns_count_code_points(offset: int, place: tuple[int, int]) -> None:
    assert LineIndex("😀\r😀x\nb").place(offset) == Place(*place)


@pytest.mark.parametrize(
    ("place", "offset"),
    [
        (Place(0, 99), 1),
        (Place(1, 1), 4),
        (Place(1, 2), 5),
        (Place(2, 5), 6),
        (Place(7, 0), 6),
        (Place(-1, 1), 1),
        (Place(1, -4), 3),
    ],
)
def test_a_place_that_is_not_there_becomes_the_nearest(place: Place, offset: int) -> None:
    assert LineIndex("a\r\nbc\n").offset(place) == offset


def test_an_offset_before_the_start_is_the_start() -> None:
    assert LineIndex("a\nb").place(-3) == Place(0, 0)


@pytest.mark.parametrize("line", [-1, 2])
def test_a_line_that_is_not_there_is_an_error(line: int) -> None:
    with pytest.raises(IndexError, match=f"line {line} of 2"):
        LineIndex("a\nb").line_span(line)


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("", "\n"),
        ("a", "\n"),
        ("a\nb\r\n", "\n"),
        ("a\r\nb\r\nc\n", "\r\n"),
        ("a\rb\rc\n", "\r"),
        ("a\u2028b\x85", "\n"),
    ],
)
def test_the_line_end_used_most_is_found(text: str, newline: str) -> None:
    assert newline_of(text) == newline


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (3, 2)])
def test_a_span_that_runs_backwards_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"got {start} and {end}"):
        Span(start, end)


@pytest.mark.parametrize(
    ("other", "expected"),
    [((0, 1), False), ((0, 2), True), ((3, 4), True), ((5, 9), True), ((6, 9), False)],
)
def test_spans_touch_when_they_overlap_or_meet(other: tuple[int, int], *, expected: bool) -> None:
    assert Span(2, 5).touches(Span(*other)) is expected
    assert Span(*other).touches(Span(2, 5)) is expected


def test_equal_digests_mean_equal_text() -> None:
    texts = ["", "a", "a\n", "a\r\n", "\ud800", "\ufeffa"]
    assert len({digest_of(text) for text in texts}) == len(texts)
    assert digest_of("a") == digest_of("a")
