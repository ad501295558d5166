"""Lines out of a stream of bytes."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.server.lines import LineSplitter, TooLong


def split(chunks: Sequence[bytes], limit: int = 10) -> list[bytes | TooLong]:
    splitter = LineSplitter(limit)
    found = [line for chunk in chunks for line in splitter.feed(chunk)]
    return [*found, *splitter.end()]


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([b"a\nb\n"], [b"a", b"b"]),
        ([b"a", b"b\n"], [b"ab"]),
        ([b"a\r\n"], [b"a"]),
        ([b"\n\n"], [b"", b""]),
        ([b"half"], [b"half"]),
        ([b""], []),
        ([b"0123456789\n"], [b"0123456789"]),
        ([b"0123456789a\nb\n"], [TooLong(b"0123456789a", b"0123456789a"), b"b"]),
        ([b"012345678", b"9a", b"x", b"\r\nb\n"], [TooLong(b"0123456789a", b"0123456789ax"), b"b"]),
        ([b"0123456789a"], [TooLong(b"0123456789a", b"0123456789a")]),
    ],
)
def test_lines_are_whole_and_none_is_too_long(
    chunks: list[bytes], lines: list[bytes | TooLong]
) -> None:
    assert split(chunks) == lines


def test_of_a_long_line_only_the_edges_are_kept() -> None:
    (line,) = split([b"a" * 700, b"b" * 10_000, b"c" * 700], 1_000)
    assert line == TooLong(b"a" * 512, b"c" * 512)


def _kept(lines: list[bytes | TooLong]) -> list[bytes | None]:
    return [None if isinstance(line, TooLong) else line for line in lines]


@pytest.mark.protocol("stdio-framing")
@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_it_does_not_matter_how_the_bytes_arrive(data: bytes, cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(bounds)]
    assert _kept(split(chunks)) == _kept(split([data]))
