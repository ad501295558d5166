"""Tests of how lines are read."""

import pytest

from mcp_tools.code.commands.script import MAX_LINE_BYTES, read_script


@pytest.mark.parametrize(
    ("line", "argv"),
    [
        ("ls -la 'a b'", ("ls", "-la", "a b")),
        ("  ls\n", ("ls",)),
        ("ls # all of it", ("ls",)),
        ("find . -name \\*.py", ("find", ".", "-name", "*.py")),
    ],
)
def test_a_single_program_with_literal_words_is_an_argument_vector(
    line: str, argv: tuple[str, ...]
) -> None:
    assert read_script(line).argv == argv


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ls *.py",
        "ls > x",
        "LANG=C ls",
        "ls; ls",
        "ls | wc",
        "cd x",
        "echo a",
        "ls $x",
        "ls ~",
        "ls &",
        "A=1",
        "time ls",
        "ls {a,b}",
    ],
)
def test_anything_else_is_left_to_the_shell(line: str) -> None:
    assert read_script(line).argv == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("a\0b", "NUL"),
        ("a\udc80b", "no text"),
        ("a" * (MAX_LINE_BYTES + 1), "too long"),
        ("é" * MAX_LINE_BYTES, "too long"),
        ("a|" * 1000, "too long"),
        ("x" * 10_000_000, "too long"),
    ],
)
def test_what_no_shell_should_be_given_is_not_read_at_all(line: str, kind: str) -> None:
    script = read_script(line)
    assert [oddity.kind for oddity in script.oddities] == [kind]
    assert script.commands == script.steps == ()
