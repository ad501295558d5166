"""Expressions of find: tests are known, actions refused."""

from pathlib import Path

import pytest

from tests.lsp_agent.permissions.shell.programs.workspace import NOTHING, checks


@pytest.mark.parametrize(
    "command",
    [
        "find",
        "find . -name '*.py'",
        "find src tests -type f -name '*.py'",
        "find -name x",
        "find . '(' -name a -o -name b ')' -print",
        "find . ! -name a",
        "find -P . -maxdepth 1",
        "find . -path ./x -prune -o -print0",
        "find . -newer README.md -printf '%p\\n'",
        "find . -name -delete",
        "find . -regex '.*/exec'",
    ],
)
def test_tests_only_read(command: str, root: Path) -> None:
    assert checks(root, command) == NOTHING


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("find . -exec id ';'", "executing-flag"),
        ("find . -name x -execdir id +", "executing-flag"),
        ("find . -ok rm '{}' ';'", "executing-flag"),
        ("find . -okdir rm '{}' ';'", "executing-flag"),
        ("find . -delete", "writing-flag"),
        ("find . -name x -o -delete", "writing-flag"),
        ("find . -fprint out", "writing-flag"),
        ("find . -fprint0 out", "writing-flag"),
        ("find . -fprintf out %p", "writing-flag"),
        ("find . -fls out", "writing-flag"),
        ("find -files0-from names.txt", "listed-files"),
        ("find -L .", "followed-links"),
        ("find . -follow", "followed-links"),
        ("find -L . -delete", "writing-flag"),
        ("find /etc -name x", "outside-workspace"),
        ("find . .. -name x", "outside-workspace"),
        ("find . -newer /etc/passwd", "outside-workspace"),
        ("find . -samefile /etc/passwd", "outside-workspace"),
        ("find . -nam x", "unknown-option"),
        ("find . -name", "unknown-option"),
        ("find . -name x src", "unknown-option"),
        ("find -D exec .", "unknown-option"),
        ("find -f /etc", "unknown-option"),
    ],
)
def test_all_else_is_found(command: str, expected: str, root: Path) -> None:
    assert expected in checks(root, command)
