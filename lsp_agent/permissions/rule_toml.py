"""Rules as the text of a file has them; a file is read whole, or refused whole.

    deny = ["command git push"]              # everywhere
    [workspace."/home/me/project"]
    allow = ["command npm test"]             # in one folder

A file of a project has no folders and no permissions.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lsp_agent.permissions.matching import InvalidRule, parse_clause
from lsp_agent.permissions.rules import Do, Rule, Scope
from mcp_tools.types.errors import ExpectedError

WORKSPACE = "workspace"
_AT_LINE = re.compile(r"line (\d+)")


class InvalidRules(ExpectedError):
    """The text of a rules file cannot be meant; it says the line and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRule:
    """A rule, and where it holds."""

    rule: Rule
    root: str = ""
    """The folder; empty for everywhere."""


def user_rules(text: str) -> tuple[PlacedRule, ...]:
    """Read the user's own file, with the rules of all folders.

    Raises: InvalidRules.
    """
    tables = _tables(text)
    folders = tables.pop(WORKSPACE, {})
    if not isinstance(folders, dict):
        raise _wrong(text, WORKSPACE, f"expected tables such as [{WORKSPACE}.'/home/me/project']")
    found = [*_rules(text, tables, Scope.USER)]
    for root, table in cast(Mapping[str, object], folders).items():
        if not isinstance(table, dict) or not Path(root).is_absolute():
            raise _wrong(text, root, f"expected a table with an absolute path, got {root!r}")
        found += _rules(text, cast(Mapping[str, object], table), Scope.USER, root)
    return tuple(found)


def project_rules(text: str) -> tuple[PlacedRule, ...]:
    """Read a project's file, which only makes things stricter.

    Raises: InvalidRules.
    """
    return tuple(_rules(text, _tables(text), Scope.PROJECT))


def _tables(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # What is not closed is found out at the end.
        at = _AT_LINE.search(str(error))
        line_number = int(at[1]) if at else max(1, len(text.splitlines()))
        raise InvalidRules(f"line {line_number}: it is no TOML: {error}") from None


def _rules(
    text: str, table: Mapping[str, object], scope: Scope, root: str = ""
) -> Iterator[PlacedRule]:
    found: dict[tuple[str, str], Do] = {}
    for key, clauses in table.items():
        if key not in set(Do):
            raise _wrong(text, key, f"unknown key {key!r}; expected `allow`, `ask` or `deny`")
        if key == Do.ALLOW and scope is Scope.PROJECT:
            raise _wrong(text, key, "a project's file cannot allow anything; only the user can")
        for clause in _texts(text, key, clauses):
            rule = _rule(text, Do(key), clause, scope)
            if found.setdefault((rule.subject, rule.pattern), rule.do) is not rule.do:
                raise _wrong(text, clause, f"`{clause}` has two rules that contradict each other")
            yield PlacedRule(rule=rule, root=root)


def _texts(text: str, key: str, clauses: object) -> list[str]:
    found = cast(list[object], clauses) if isinstance(clauses, list) else [None]
    if not all(isinstance(each, str) for each in found):
        raise _wrong(text, key, f'expected texts, such as {key} = ["command npm test"]')
    return cast(list[str], found)


def _rule(text: str, do: Do, clause: str, scope: Scope) -> Rule:
    try:
        return parse_clause(do, clause, scope)
    except InvalidRule as error:
        raise _wrong(text, clause, str(error)) from None


def _wrong(text: str, name: str, reason: str) -> InvalidRules:
    """Say what is wrong with the line that has a name first."""
    lines = text.splitlines()
    number = next((at for at, line in enumerate(lines, 1) if name in line), 1)
    return InvalidRules(f"line {number}: {reason}")
