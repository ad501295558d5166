"""The rules of the user and of a project, as they stand in their files at this moment.

A file that cannot be relied on gives no permission at all. What it denied is not known either,
so in its place everything that is more than reading is asked about.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

from lsp_agent.permissions.rule_disk import (
    Stamp,
    read_projects,
    read_users,
    replace_users,
    stamp_of,
    writing,
)
from lsp_agent.permissions.rule_toml import (
    InvalidRules,
    PlacedRule,
    project_rules,
    user_rules,
)
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from mcp_tools.types.errors import ExpectedError, NotFound

USER_FILE = "rules.toml"
"""Its name, beside the user's settings file."""
PROJECT_FILE = Path(".lsp-agent") / "rules.toml"
"""Its place in a workspace."""
_WRITING = "lsp_agent.permissions.rule_writing"
"""Loaded on first use: few sessions save a rule."""


class Reach(StrEnum):
    """Where a rule of the user's file holds."""

    HERE = "here"
    """In the folder of the book."""
    EVERYWHERE = "everywhere"


class _Writing(Protocol):
    HEADER: str

    def with_rule(self, text: str, rule: Rule, root: str) -> str: ...
    def without_rule(self, text: str, rule: Rule, root: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What a file said when it was last looked at."""

    stamp: Stamp
    rules: tuple[PlacedRule, ...] = ()
    problem: str = ""


class RuleBook:
    """The rules that are written down for one folder."""

    def __init__(self, user_file: Path, project_file: Path, root: Path) -> None:
        """Read nothing yet."""
        self.user_file = user_file
        self.project_file = project_file
        self._root = str(root)
        self._pages: dict[Path, _Page] = {}

    def rules(self) -> tuple[Rule, ...]:
        """Give the rules for the folder: the user's for it and for everywhere, the project's."""
        return tuple(each.rule for each in self.placed() if each.root in ("", self._root))

    def placed(self) -> tuple[PlacedRule, ...]:
        """Give all rules of both files, those for other folders too."""
        return tuple(rule for page in self._read() for rule in page.rules)

    def problems(self) -> tuple[str, ...]:
        """Say what is wrong with the files, one line each."""
        return tuple(page.problem for page in self._read() if page.problem)

    def add(self, rule: Rule, reach: Reach = Reach.HERE) -> None:
        """Write a rule into the user's file; a rule that is there already stays as it is.

        Raises: ExpectedError if the file cannot be relied on, or not be written.
        """
        root = "" if reach is Reach.EVERYWHERE else self._root
        self._write(lambda toml, text: toml.with_rule(text, rule, root))

    def remove(self, rule: Rule) -> None:
        """Take a rule out of the user's file, for this folder and for everywhere.

        Raises: NotFound if there is none; ExpectedError as `add`.
        """
        found = [
            each
            for each in self.placed()
            if each.rule.text == rule.text
            and each.rule.scope is Scope.USER
            and each.root in ("", self._root)
        ]
        if not found:
            raise NotFound(f"the user's file {str(self.user_file)!r} has no rule `{rule.text}`")
        for each in found:
            self._write(lambda toml, text, at=each.root: toml.without_rule(text, rule, at))

    def make_file(self) -> None:
        """Make the user's file, with an explanation in it, if there is none.

        Raises: ExpectedError as `add`.
        """
        self._write(lambda toml, text: text or toml.HEADER)

    def _write(self, edit: Callable[[_Writing, str], str]) -> None:
        """Replace the user's file; two programs that do so at a time wait for each other."""
        rule_writing = cast(_Writing, importlib.import_module(_WRITING))
        try:
            with writing(self.user_file):
                before = read_users(self.user_file) or ""
                user_rules(before)
                after = edit(rule_writing, before)
                user_rules(after)
                if after != before:
                    replace_users(self.user_file, after)
        except InvalidRules as error:
            raise InvalidRules(f"{str(self.user_file)!r} is not changed: {error}") from error

    def _read(self) -> tuple[_Page, _Page]:
        return (
            self._page(self.user_file, _of_user, Scope.USER),
            self._page(self.project_file, _of_project, Scope.PROJECT),
        )

    def _page(
        self, path: Path, read: Callable[[Path], tuple[PlacedRule, ...]], scope: Scope
    ) -> _Page:
        stamp = stamp_of(path)
        known = self._pages.get(path)
        if known is None or known.stamp != stamp:
            known = self._pages[path] = _page(path, stamp, read, scope)
        return known


def _of_user(path: Path) -> tuple[PlacedRule, ...]:
    return user_rules(read_users(path) or "")


def _of_project(path: Path) -> tuple[PlacedRule, ...]:
    return project_rules(read_projects(path) or "")


def _page(
    path: Path, stamp: Stamp, read: Callable[[Path], tuple[PlacedRule, ...]], scope: Scope
) -> _Page:
    try:
        return _Page(stamp=stamp, rules=read(path))
    except ExpectedError as error:
        problem = (
            f"the rules in {str(path)!r} are ignored, and all that is more than reading asks: "
            f"{error}"
        )
        return _Page(stamp=stamp, rules=_asking(scope), problem=problem)


def _asking(scope: Scope) -> tuple[PlacedRule, ...]:
    """Give the rules in place of rules that are not known."""
    about = ((Subject.TOOL, "*"), (Subject.PATH, "**"))
    return tuple(
        PlacedRule(rule=Rule(do=Do.ASK, subject=subject, pattern=pattern, scope=scope))
        for subject, pattern in about
    )
