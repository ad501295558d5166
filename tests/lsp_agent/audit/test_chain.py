"""Lines that are chained: whatever is done to one is found."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.audit.chain import EMPTY, GENESIS, Break, End, Head, breaks, opened, sealed
from mcp_tools.types.json import JsonObject


def chained(count: int) -> tuple[list[str], Head]:
    """Give so many lines, and where they end."""
    end, texts = EMPTY, list[str]()
    for i in range(count):
        text, end = sealed({"kind": "call", "what": f"line {i}"}, end)
        texts.append(text)
    return texts, Head(end, end.number)


def test_a_line_says_what_was_put_in_and_what_it_follows() -> None:
    text, end = sealed({"kind": "call", "who": "é\u202e\n"}, EMPTY)
    line = opened(text)
    assert line is not None
    assert line.fields == {"kind": "call", "who": "é\u202e\n", "number": 1, "previous": GENESIS}
    assert (line.number, line.previous, line.hash) == (1, GENESIS, end.hash)
    assert "\n" not in text
    assert text.isascii()
    assert json.loads(text)["hash"] == end.hash


@pytest.mark.parametrize("count", [0, 1, 2, 10])
def test_a_whole_chain_holds(count: int) -> None:
    texts, end = chained(count)
    assert breaks(texts, end) == []


def test_a_chain_whose_first_files_were_removed_holds() -> None:
    texts, end = chained(9)
    assert breaks(texts[4:], end) == []


def test_a_log_whose_writer_was_killed_holds() -> None:
    texts, head = chained(5)
    writing = Head(head.end, 2)
    for n_written in (2, 3, 4, 5):
        assert breaks(texts[:n_written], writing) == []
    assert breaks(texts[:1], writing)


@given(count=st.integers(2, 8), data=st.data())
def test_every_change_of_a_line_is_found(count: int, data: st.DataObject) -> None:
    texts, end = chained(count)
    position = data.draw(st.integers(0, count - 1))
    place = data.draw(st.integers(0, len(texts[position]) - 1))
    old = texts[position][place]
    new = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != old))
    texts[position] = f"{texts[position][:place]}{new}{texts[position][place + 1 :]}"
    assert breaks(texts, end)


@given(count=st.integers(2, 8), data=st.data())
def test_every_line_that_is_removed_is_found(count: int, data: st.DataObject) -> None:
    texts, end = chained(count)
    del texts[data.draw(st.integers(1, count - 1))]
    assert breaks(texts, end)


@given(count=st.integers(2, 8), data=st.data())
def test_every_line_that_is_put_in_is_found(count: int, data: st.DataObject) -> None:
    texts, end = chained(count)
    position = data.draw(st.integers(0, count))
    before = opened(texts[position - 1]) if position else None
    follows = EMPTY if before is None else End(before.number, before.hash)
    texts.insert(position, sealed({"kind": "forged"}, follows)[0])
    assert breaks(texts, end)


@given(count=st.integers(2, 8), data=st.data())
def test_lines_that_are_exchanged_are_found(count: int, data: st.DataObject) -> None:
    texts, end = chained(count)
    one, other = data.draw(st.sets(st.integers(0, count - 1), min_size=2, max_size=2))
    texts[one], texts[other] = texts[other], texts[one]
    assert breaks(texts, end)


def test_what_is_found_says_where_and_what() -> None:
    texts, end = chained(6)
    changed = [*texts[:2], texts[2].replace("line", "lime"), *texts[3:]]
    assert breaks(changed, end) == [
        Break(line=3, reason="it was changed, or is no line of this log")
    ]
    assert breaks([*texts[:2], *texts[4:]], end) == [
        Break(line=3, reason="2 lines before it are missing")
    ]
    assert breaks(texts[:4], end) == [Break(line=0, reason="2 lines at the end are missing")]
    assert breaks([], end) == [Break(line=0, reason="6 lines at the end are missing")]
    longer = [*texts, sealed({}, end.end)[0]]
    assert breaks(longer, end) == [Break(line=0, reason="1 lines at the end were put in")]
    assert breaks(texts, Head(End(6, GENESIS), 6)) == [
        Break(line=0, reason="the last line is not the one that is known to be the last")
    ]
    assert breaks(texts, None) == [
        Break(line=0, reason="the note of where the log ends is missing")
    ]
    assert breaks([], None) == []


def test_a_line_that_was_made_anew_does_not_fit_what_follows() -> None:
    texts, end = chained(3)
    first = opened(texts[0])
    assert first is not None
    fields: JsonObject = {"kind": "call", "what": "forged"}
    texts[1] = sealed(fields, End(first.number, first.hash))[0]
    (found,) = breaks(texts, end)
    assert found.line == 3
    assert found.reason.startswith("it does not follow the line before it")


@pytest.mark.parametrize(
    "text", ["", "{}", "x", '{"a":1,"hash":"0"}', f'{{"a":1,"hash":"{GENESIS}"}}', "[" * 100_000]
)
def test_what_is_no_line_is_none(text: str) -> None:
    assert opened(text) is None
