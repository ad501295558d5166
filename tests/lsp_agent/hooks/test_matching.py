"""Filters match tools whole and shell lines anywhere."""

import pytest

from lsp_agent.hooks.matching import ALL, Matcher
from lsp_agent.hooks.payloads import CommandStarted, Notified, ToolWanted


def wanted(tool: str, line: str = "") -> ToolWanted:
    arguments = {"command": line} if line else {}
    return ToolWanted(tool=tool, call_id="c", arguments=arguments)


@pytest.mark.parametrize(
    ("pattern", "tool", "is_match"),
    [
        ("shell", "shell", True),
        ("shell", "shell_stop", False),
        ("shell*", "shell_stop", True),
        ("Shell", "shell", False),
        ("*_file", "edit_file", True),
    ],
)
def test_a_tool_is_matched_by_its_whole_name(pattern: str, tool: str, *, is_match: bool) -> None:
    assert Matcher(tool=pattern).matches(wanted(tool)) is is_match


@pytest.mark.parametrize(
    ("pattern", "line", "is_match"),
    [
        ("git push", "git push", True),
        ("git push", "cd a && git  push -f", True),
        ("git push", "git\tpush", True),
        ("git * --force", "git push origin --force", True),
        ("git push", "git pull", False),
    ],
)
def test_a_line_is_matched_anywhere(pattern: str, line: str, *, is_match: bool) -> None:
    assert Matcher(command=pattern).matches(wanted("shell", line)) is is_match
    started = CommandStarted(line=line, argv=(), cwd="/")
    assert Matcher(command=pattern).matches(started) is is_match


def test_both_must_match() -> None:
    matcher = Matcher(tool="shell", command="rm")
    assert matcher.matches(wanted("shell", "rm a"))
    assert not matcher.matches(wanted("shell", "ls"))
    assert not matcher.matches(wanted("grep", "rm a"))


def test_without_patterns_everything_matches() -> None:
    assert ALL.matches(Notified(message="x"))
    assert ALL.matches(wanted("shell"))


def test_a_command_that_is_no_text_is_no_line() -> None:
    call = ToolWanted(tool="shell", call_id="c", arguments={"command": ["rm"]})
    assert call.line == ""
