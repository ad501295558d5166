"""Long answers in bounded text."""

import pytest

from mcp_tools.code.answers.listing import (
    CHARS_PER_TOKEN,
    Detail,
    Entry,
    Listing,
    Page,
    Wish,
    page_of,
    whole_text,
)
from mcp_tools.types.errors import InvalidEdit, StaleEdit


def entry(file: str, number: int, n_lines: int = 2, within: str = "") -> Entry[int]:
    lines = [
        f"line {number}" if n_lines == 1 else f"the first line of {number}",
        *(f"more of {number}" for _ in range(n_lines - 1)),
    ]
    return Entry(
        file=file,
        place=f"{number}:1",
        short=f"name{number}",
        full=lambda: "\n".join(lines),
        first_line=lambda: lines[0],
        data=lambda detail: number,
        within=within,
    )


def listing(n_files: int, n_entries: int, n_lines: int = 2) -> Listing[int]:
    entries = [
        entry(f"f{file}.py", number, n_lines)
        for file in range(n_files)
        for number in range(1, n_entries + 1)
    ]
    return Listing(head="head", entries=entries)


def page(what: Listing[int], n_chars: int, cursor: str | None = None) -> Page[int]:
    wish = Wish(query="q", max_tokens=-(-n_chars // CHARS_PER_TOKEN), cursor=cursor)
    return page_of(what, wish)


def test_what_fits_is_given_in_full_with_each_path_once() -> None:
    shown = page(listing(2, 2, 1), 1000)
    assert shown.text == "head\nf0.py\n 1:1 line 1\n 2:1 line 2\nf1.py\n 1:1 line 1\n 2:1 line 2"
    assert (shown.detail, shown.n_total, shown.n_shown, shown.cursor) == (Detail.FULL, 4, 4, None)
    assert shown.data == (1, 2, 1, 2)


def test_a_lone_entry_stands_behind_its_path() -> None:
    assert page(listing(2, 1, 1), 1000).text == "head\nf0.py:1:1 line 1\nf1.py:1:1 line 1"


def test_what_entries_lie_in_is_told_where_it_changes() -> None:
    names = ("", "f", "f", "g", "")
    entries = [entry("a.py", number, 1, within) for number, within in enumerate(names, 1)]
    lines = whole_text(Listing(head="head", entries=entries)).split("\n")[2:]
    assert lines == [
        " 1:1 line 1",
        " 2:1 [f] line 2",
        " 3:1 line 3",
        " 4:1 [g] line 4",
        " 5:1 [module] line 5",
    ]


@pytest.mark.parametrize(
    ("n_chars", "detail", "first"),
    [
        (6000, Detail.FULL, " 1:1 the first line of 1\nmore of 1"),
        (2900, Detail.FIRST_LINES, " 1:1 the first line of 1\n 2:1 the"),
        (1500, Detail.PLACES, "f0.py: 1:1 name1, 2:1 name2"),
        (200, Detail.COUNTS, "f0.py 20\nf1.py 20"),
    ],
)
def test_too_long_an_answer_is_shortened_as_a_whole(
    n_chars: int, detail: Detail, first: str
) -> None:
    shown = page(listing(4, 20, 4), n_chars)
    assert shown.detail is detail
    assert first in shown.text
    assert (shown.cursor is None) == (detail is Detail.FULL)
    assert shown.cursor is None or shown.cursor in shown.text.split("\n")[-1]


def test_counts_of_very_many_files_are_the_first_ones() -> None:
    shown = page(listing(1000, 2), 400)
    assert shown.detail is Detail.COUNTS
    assert sum(count.n_entries for count in shown.counts) < 200
    assert "more places" in shown.text
    assert len(shown.text) < 700


def test_counts_of_many_files_are_added_up_by_folder() -> None:
    entries = [entry(f"a/b{n}/c{m}.py", 1) for n in range(3) for m in range(40)]
    shown = page(Listing(head="head", entries=[*entries, entry("z.py", 1)]), 400)
    assert shown.detail is Detail.COUNTS
    assert shown.text.split("\n")[1:-1] == ["a/b0/ 40", "a/b1/ 40", "a/b2/ 40", "z.py 1"]
    assert sum(count.n_entries for count in shown.counts) == shown.n_total


def test_a_cursor_leads_through_all_entries_in_full() -> None:
    whole = listing(3, 7, 3)
    cursor = page(whole, 200).cursor
    seen: list[int] = []
    n_pages = 0
    while cursor is not None:
        shown = page(whole, 200, cursor)
        assert shown.detail is Detail.FULL
        assert shown.n_shown == len(shown.data) > 0
        seen += shown.data
        cursor = shown.cursor
        n_pages += 1
    assert seen == [1, 2, 3, 4, 5, 6, 7] * 3
    assert n_pages > 3


def test_an_entry_longer_than_the_limit_is_not_cut() -> None:
    whole = listing(1, 2, 100)
    cursor = page(whole, 80).cursor
    assert page(whole, 80, cursor).text.count("more of 1") == 99


def test_a_cursor_is_refused_for_another_question_and_another_answer() -> None:
    cursor = page(listing(3, 7, 3), 200).cursor
    assert cursor is not None
    with pytest.raises(StaleEdit):
        page(listing(3, 6, 3), 200, cursor)
    with pytest.raises(InvalidEdit):
        page_of(listing(3, 7, 3), Wish(query="other", max_tokens=50, cursor=cursor))


def test_a_change_of_the_texts_makes_a_cursor_stale() -> None:
    whole = listing(3, 7, 3)
    cursor = page(whole, 200).cursor
    changed = Listing(head="head", entries=whole.entries, stamps=["another digest"])
    with pytest.raises(StaleEdit):
        page(changed, 200, cursor)


def test_an_overview_takes_the_place_of_shorter_forms() -> None:
    entries = listing(1, 50).entries
    whole = Listing(head="head", entries=entries, overview=lambda: "overview")
    shown = page(whole, 200)
    assert shown.text.startswith("head\noverview\n[first lines only; cursor=")
    assert (shown.data, shown.n_shown, shown.n_total) == ((), 0, 50)


def test_texts_that_are_not_shown_are_not_made() -> None:
    made: list[int] = []

    def full(number: int) -> str:
        made.append(number)
        return "x" * 50

    entries = [
        Entry(
            file="a.py",
            place="1:1",
            full=lambda n=number: full(n),
            first_line=lambda: "",
            data=lambda detail: 0,
        )
        for number in range(1000)
    ]
    page(Listing(head="head", entries=entries), 400)
    assert len(made) < 20
