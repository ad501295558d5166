"""What is kept of an output: start and end, with offsets that stay true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.workspace.job_output import JobOutput


def output_of(*texts: str, n_chars: int = 20) -> JobOutput:
    output = JobOutput(n_chars)
    for text in texts:
        output.add(text)
    return output


@pytest.mark.parametrize(
    ("offset", "expected"), [(0, "one\ntwo\n"), (4, "two\n"), (8, ""), (100, "")]
)
def test_output_is_given_from_an_offset(offset: int, expected: str) -> None:
    assert output_of("one\n", "two\n").since(offset) == expected


def test_a_long_output_keeps_both_ends_and_says_what_is_missing() -> None:
    output = output_of("0123456789", "x" * 75, "abcdefghij")
    assert output.end == 95
    assert output.since(0) == "0123456789\n[... 75 characters are not kept ...]\nabcdefghij"
    assert output.since(8) == "89\n[... 75 characters are not kept ...]\nabcdefghij"
    assert output.since(80) == "\n[... 5 characters are not kept ...]\nabcdefghij"
    assert output.since(90) == "fghij"


@given(st.lists(st.text(max_size=9), max_size=60), st.integers(0, 200))
def test_what_fits_is_whole_from_every_offset(texts: list[str], offset: int) -> None:
    whole = "".join(texts)
    assert output_of(*texts, n_chars=4 * 9 * 60).since(offset) == whole[offset:]


def test_many_small_pieces_do_not_cost_more_than_their_text() -> None:
    output = output_of(*["x"] * 50_000, n_chars=20_000)
    assert output.n_kept <= 20_000 + 4096
    assert output.since(49_990) == "x" * 10
