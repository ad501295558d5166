"""Texts, times, facts of the machine, and the tests of the shell."""

from pathlib import Path

import pytest

from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("echo -n --anything /etc/passwd", NOTHING),
        ("printf '%s %5.1f%%\\n' a 1", NOTHING),
        ("printf -- '-%d' 3", NOTHING),
        ("printf '%n' PATH", {"written-operand"}),
        ("printf 'abc%5n' PATH", {"written-operand"}),
        ("printf '%(%Y)T'", {"written-operand"}),
        ("printf -v PATH x", {"written-operand"}),
        ("printf -vPATH x", {"written-operand"}),
        ("test -f README.md", NOTHING),
        ("test -n x -a -d src", NOTHING),
        ("test 3 -gt -5", NOTHING),
        ("[ /a = /b ]", NOTHING),
        ("test -f /etc/passwd", {"outside-workspace"}),
        ("test README.md -nt /etc/passwd", {"outside-workspace"}),
        ("test /etc/passwd -ot README.md", {"outside-workspace"}),
        ("test -v 'a[$(id)]'", {"executing-flag", "unknown-option"}),
        ("[ x -o -R 'a[$(id)]' ]", {"executing-flag", "unknown-option"}),
        ("test -y x", {"unknown-option"}),
        ("env", {"environment"}),
        ("env ls", {"inner-program"}),
        ("env -S 'ls -l'", {"inner-program"}),
        ("env A=1", {"inner-program"}),
        ("printenv", {"environment"}),
        ("printenv PATH HOME", NOTHING),
        ("printenv OPENAI_API_KEY", {"environment"}),
        ("ps -ef", {"processes"}),
        ("ps auxe", {"processes", "environment"}),
        ("sleep 1", NOTHING),
        ("sleep 1h", {"never-ends"}),
        ("sleep infinity", {"never-ends"}),
        ("uname -a", NOTHING),
        ("hostname -F names.txt", {"unknown-option", "unexpected-operand"}),
        ("date +%s", NOTHING),
    ],
)
def test_they_are_judged(command: str, expected: frozenset[str] | set[str], root: Path) -> None:
    assert checks(root, command) == expected
