"""Whether a rule is about something: a tool, the words of a command, a file, a host.

A permission is read narrowly, and a denial or a question widely: doubt makes both stricter.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePosixPath

from lsp_agent.permissions.command_patterns import command_pattern
from lsp_agent.permissions.folding import folded
from lsp_agent.permissions.hosts import covers_host, host_of, host_pattern
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from lsp_agent.permissions.shell.showing import is_hidden
from mcp_tools.code.globbing import compile_glob
from mcp_tools.types.calls import Tool
from mcp_tools.types.errors import ExpectedError

ANY = "*"


class InvalidRule(ExpectedError):
    """The text of a rule cannot be meant; it says what was expected."""


def parse_rule(text: str, scope: Scope) -> Rule:
    """Read a rule as `Rule.text` writes it, such as `allow command npm test`.

    Raises: InvalidRule.
    """
    do, _, rest = text.strip().partition(" ")
    if do not in set(Do):
        raise InvalidRule(f"expected a rule such as `allow command npm test`, got {text!r}")
    return parse_clause(Do(do), rest, scope)


def parse_clause(do: Do, text: str, scope: Scope) -> Rule:
    """Read what a rule is about, such as `command npm test`.

    Raises: InvalidRule.
    """
    if any(map(is_hidden, text)):
        raise InvalidRule(f"expected a rule without characters that nobody sees, got {text!r}")
    subject, _, pattern = text.strip().partition(" ")
    pattern = pattern.strip()
    if subject not in set(Subject) or not pattern:
        names = ", ".join(f"`{each} ...`" for each in Subject)
        raise InvalidRule(f"expected one of {names}, got {text!r}")
    rule = Rule(do=do, subject=Subject(subject), pattern=pattern, scope=scope)
    _check(rule)
    return rule


def is_about_tool(rule: Rule, tool: Tool) -> bool:
    """Whether a rule names a tool; `*` alone is every one that does more than read and propose."""
    if rule.subject is not Subject.TOOL:
        return False
    if rule.pattern == ANY:
        return not tool.is_pure or tool.is_open_world
    return fnmatchcase(tool.name, rule.pattern)


def is_about_command(rule: Rule, words: tuple[str, ...]) -> bool:
    """Whether a rule is about a simple command; one whose words are not known is no command."""
    if rule.subject is not Subject.COMMAND or not words:
        return False
    pattern = command_pattern(rule.pattern)
    return pattern.allows(words) if rule.do is Do.ALLOW else pattern.catches(words)


def is_about_path(rule: Rule, path: Path, root: Path) -> bool:
    """Whether a rule is about a file in the workspace.

    A denial or question of a folder is one of all that is in it, in any spelling.
    """
    if rule.subject is not Subject.PATH or not path.is_relative_to(root):
        return False
    relative = PurePosixPath(path.relative_to(root))
    if rule.do is Do.ALLOW:
        return _covers_path(rule.pattern, str(relative))
    names = PurePosixPath(*map(folded, relative.parts))
    pattern = rule.pattern.casefold()
    return any(_covers_path(pattern, str(each)) for each in (names, *names.parents[:-1]))


def is_about_url(rule: Rule, url: str) -> bool:
    """Whether a rule is about the host of an address; an unclear one may be any."""
    if rule.subject is not Subject.HOST:
        return False
    host = host_of(url)
    if host is None:
        return rule.do is not Do.ALLOW
    return covers_host(host_pattern(rule.pattern), host)


def _check(rule: Rule) -> None:
    """See that a pattern can be meant. Raises: InvalidRule."""
    try:
        match rule.subject:
            case Subject.COMMAND:
                _check_command(rule)
            case Subject.HOST:
                host_pattern(rule.pattern)
            case Subject.PATH:
                compile_glob(_path_glob(rule.pattern))
            case Subject.TOOL:
                if not rule.pattern.replace(ANY, "a").isidentifier():
                    raise ExpectedError(f"expected the name of a tool, got {rule.pattern!r}")
    except ExpectedError as error:
        raise InvalidRule(f"`{rule.text}`: {error}") from error


def _check_command(rule: Rule) -> None:
    pattern = command_pattern(rule.pattern)
    if rule.do is Do.ALLOW and pattern.program is None:
        raise ExpectedError("a permission names its program without wildcards")


def _covers_path(pattern: str, relative: str) -> bool:
    return _compiled(pattern).fullmatch(relative) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return compile_glob(_path_glob(pattern))


def _path_glob(pattern: str) -> str:
    """Give the glob of a pattern; one that ends in `/` is all that is in a folder."""
    return f"{pattern}**" if pattern.endswith("/") else pattern
