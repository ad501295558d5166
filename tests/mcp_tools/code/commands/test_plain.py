"""Output as a model should read it."""

import pytest

from mcp_tools.code.commands.plain import last_line, plain, shortened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", "a\nb\n"),
        ("\x1b[1;31mred\x1b[0m and \x1b[38;5;12mblue\x1b[m", "red and blue"),
        ("\x1b]0;title\x07text \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "text link"),
        ("\x1b(B\x1b=\x1bP1$q\x1b\\a", "a"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("10%\r 50%\r100%\ndone\n", "100%\ndone\n"),
        ("10%\r100%\r", "100%"),
        ("a\x08b\tc\x00\x07", "b\tc"),
        ("é€😀\u2028", "é€😀\u2028"),
    ],
)
def test_only_what_stands_there_in_the_end_is_left(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "\x1b" * 200_000, "\x1b]" * 100_000, "\r" * 300_000, "\b" * 300_000]
)
def test_a_megabyte_of_anything_is_quick(text: str) -> None:
    assert len(plain(text)) <= len(text)


def test_a_long_output_keeps_whole_lines_of_both_ends() -> None:
    text = "".join(f"line {number:04}\n" for number in range(1000))
    short = shortened(text, 300, hint=lambda n_head: f"from {n_head}")
    head, mark, tail = short.partition("[... ")
    assert head == "".join(f"line {number:04}\n" for number in range(10))
    mark, _, tail = tail.partition(" ...]\n")
    assert mark == "9700 characters left out; from 100"
    assert tail == "".join(f"line {number:04}\n" for number in range(980, 1000))


def test_a_single_long_line_is_cut_anywhere() -> None:
    short = shortened("x" * 1000, 300, hint=lambda _: "less")
    assert short == f"{'x' * 100}\n[... 700 characters left out; less ...]\n{'x' * 200}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\nb\n\n", "b"), ("", ""), ("\x1b[1m 50%\r 60%", "60%"), ("x" * 50, "x" * 7 + "...")],
)
def test_the_last_line_is_the_last_that_says_anything(text: str, expected: str) -> None:
    assert last_line(text, 10) == expected
