"""A rules file edited as its user wrote it: comments and order stay.

Loaded on first use: few sessions save a rule.
"""

from typing import Protocol, cast

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from lsp_agent.permissions.rule_toml import WORKSPACE, InvalidRules
from lsp_agent.permissions.rules import Rule

HEADER = """\
# Rules: what happens without a question, what is asked about, and what never happens.
# A denial outweighs a question, and a question a permission.
#
# deny = ["command git push", "path secrets/"]
# ask = ["command rm", "host *.example.com"]
# allow = ["command npm test", "command pytest tests/**", "tool run_tests"]
#
# Of a command, `*` is any part of a name, `**` any part of a path, and `...` any further words
# that are no options. Rules for one folder stand in a table with its path:
#
# [workspace."/home/me/project"]
# allow = ["command make test"]
"""


def with_rule(text: str, rule: Rule, root: str) -> str:
    """Give a text with a rule more, for the folder `root`, or everywhere if that is empty.

    Raises: InvalidRules if the text is none of a rules file.
    """
    document = _parsed(text or HEADER)
    table = _table(document, root)
    clauses = cast(_Clauses, table.setdefault(rule.do.value, tomlkit.array()))
    if _clause(rule) not in clauses.unwrap():
        clauses.append(_clause(rule))
        clauses.multiline(multiline=len(clauses.unwrap()) > 1)
    return tomlkit.dumps(document).rstrip() + "\n"


def without_rule(text: str, rule: Rule, root: str) -> str:
    """Give a text without a rule, of the folder `root`, or of everywhere if that is empty.

    Raises: InvalidRules as `with_rule`.
    """
    document = _parsed(text)
    table = _table(document, root)
    clauses = cast(_Clauses, table.setdefault(rule.do.value, tomlkit.array()))
    if _clause(rule) in clauses.unwrap():
        clauses.remove(_clause(rule))
    if not clauses.unwrap():
        table.remove(rule.do.value)
    return tomlkit.dumps(document)


class _Clauses(Protocol):
    """What is used of a list of the library, whose own types are not complete."""

    def unwrap(self) -> list[str]: ...
    def append(self, clause: str) -> None: ...
    def remove(self, clause: str) -> None: ...
    def multiline(self, *, multiline: bool) -> object: ...


def _parsed(text: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise InvalidRules(f"it is no TOML: {error}") from error


def _table(document: TOMLDocument, root: str) -> TOMLDocument | Table:
    if not root:
        return document
    folders = cast(Table, document.setdefault(WORKSPACE, tomlkit.table(is_super_table=True)))
    return cast(Table, folders.setdefault(root, tomlkit.table()))


def _clause(rule: Rule) -> str:
    return f"{rule.subject} {rule.pattern}"
