"""Rules read, and what they are about."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.matching import (
    InvalidRule,
    is_about_command,
    is_about_path,
    is_about_tool,
    is_about_url,
    parse_rule,
)
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from mcp_tools.registry import discover

ROOT = Path("/project")
TOOLS = {tool.name: tool for tool in discover()}


def rule(text: str) -> Rule:
    return parse_rule(text, Scope.USER)


@pytest.mark.parametrize(
    "text",
    [
        "allow command npm test",
        "deny path secrets/",
        "ask host *.example.com",
        "allow tool git_*",
        "allow command grep 'a b' ...",
    ],
)
def test_a_rule_is_read_as_it_is_written(text: str) -> None:
    assert rule(text).text == text
    assert rule(f"  {text}  ").text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "allow",
        "allow command",
        "permit command a",
        "allow program a",
        "ALLOW command a",
        "allow command 'a",
        "allow command * a",
        "allow command p*",
        "allow path !a",
        "allow path ****/*a*b*c*d*",
        "allow host a/b",
        "allow tool a b",
        "allow tool a/b",
        "allow command a\nb",
        "allow command a\u202eb",
        "allow command a\u200bb",
        "allow command a\u00a0b",
    ],
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InvalidRule):
        rule(text)


@given(st.sampled_from(list(Do)), st.sampled_from(list(Subject)), st.text(max_size=30))
def test_any_text_is_read_or_refused(do: Do, subject: Subject, pattern: str) -> None:
    try:
        found = rule(f"{do} {subject} {pattern}")
    except InvalidRule:
        return
    assert rule(found.text) == found
    is_about_command(found, ("a", "b"))
    is_about_path(found, ROOT / "a/b", ROOT)
    is_about_tool(found, TOOLS["shell"])
    is_about_url(found, "https://a.example/")


@pytest.mark.parametrize(
    ("text", "tool", "is_about"),
    [
        ("deny tool shell", "shell", True),
        ("deny tool shell", "shell_stop", False),
        ("deny tool shell*", "shell_stop", True),
        ("deny tool git_*", "git_log", True),
        ("deny tool *", "shell", True),
        ("deny tool *", "web_fetch", True),
        ("deny tool *", "read_file", False),
        ("deny tool *", "edit_file", False),
        ("deny tool read_file", "read_file", True),
        ("deny command shell", "shell", False),
    ],
)
def test_rules_about_tools(text: str, tool: str, *, is_about: bool) -> None:
    assert is_about_tool(rule(text), TOOLS[tool]) is is_about


@pytest.mark.parametrize(
    ("text", "path", "is_about"),
    [
        ("allow path docs/**", "docs/a/b.md", True),
        ("allow path docs/", "docs/a/b.md", True),
        ("allow path docs", "docs/a.md", False),
        ("allow path docs/**", "Docs/a.md", False),
        ("allow path *.md", "a/b.md", True),
        ("allow path /a.md", "b/a.md", False),
        ("deny path docs", "docs/a/b.md", True),
        ("deny path docs/**", "DOCS/a.md", True),
        ("deny path Docs/**", "docs/a.md", True),
        ("deny path docs/*.md", "do\u200bcs/A.MD", True),
        ("deny path docs", "docs2/a.md", False),
        ("deny path **", "a", True),
    ],
)
def test_rules_about_files(text: str, path: str, *, is_about: bool) -> None:
    assert is_about_path(rule(text), ROOT / path, ROOT) is is_about


def test_no_rule_is_about_a_file_outside() -> None:
    for do in Do:
        assert not is_about_path(rule(f"{do} path **"), Path("/project2/a"), ROOT)


def test_an_unclear_address_is_never_allowed_and_may_be_what_is_denied() -> None:
    unclear = "https://good.example@evil.example/"
    assert not is_about_url(rule("allow host *"), unclear)
    assert is_about_url(rule("deny host other.example"), unclear)
    assert is_about_url(rule("allow host good.example"), "https://GOOD.example/x")


def test_words_that_are_not_known_are_no_command() -> None:
    assert not is_about_command(rule("deny command *"), ())
    assert is_about_command(rule("deny command *"), ("a", "-b"))
