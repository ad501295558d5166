"""List, add and take back the rules about what happens without a question."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from lsp_agent.app import rule_book
from lsp_agent.cli.arguments import workspace_of
from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.config.settings import SettingsError, load_settings
from lsp_agent.permissions.matching import parse_rule
from lsp_agent.permissions.rule_files import Reach, RuleBook
from lsp_agent.permissions.rules import Scope
from lsp_agent.permissions.shell.showing import is_hidden
from mcp_tools.types.errors import ExpectedError

SCHEMA = 1
ACTIONS = ("list", "add", "remove", "file")
EPILOG = """\
A rule is `allow`, `ask` or `deny`, then `command`, `path`, `host` or `tool`, then a pattern, such
as 'allow command npm test'. A denial outweighs a question, and a question a permission. `file`
prints where your rules are kept, and makes that file if there is none.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and options."""
    parser.epilog = EPILOG
    parser.add_argument(
        "action", nargs="?", choices=ACTIONS, default="list", help="what to do (default: list)"
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help="the rule to add or to remove")
    parser.add_argument(
        "--everywhere", action="store_true", help="add it for all folders, not this one alone"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it; listing fails where a file cannot be relied on.

    Raises: UsageError, CommandFailed.
    """
    root = workspace_of(arguments.root)
    book = rule_book(root)
    if arguments.action == "list":
        return _list(book, root, is_json=arguments.json)
    if arguments.everywhere and arguments.action != "add":
        raise UsageError("--everywhere goes with `add`")
    try:
        if arguments.action == "file":
            _file(book, is_json=arguments.json)
        else:
            _change(book, root, arguments)
    except (ExpectedError, OSError) as error:
        raise CommandFailed(str(error)) from error
    return ExitCode.DONE


def _change(book: RuleBook, root: Path, arguments: argparse.Namespace) -> None:
    if arguments.rule is None:
        raise UsageError(f"expected a rule to {arguments.action}: 'allow command npm test'")
    try:
        rule = parse_rule(arguments.rule, Scope.USER)
    except ExpectedError as error:
        raise UsageError(str(error)) from error
    reach = Reach.EVERYWHERE if arguments.everywhere else Reach.HERE
    if arguments.action == "add":
        book.add(rule, reach)
        place = "everywhere" if arguments.everywhere else f"in {_shown(str(root))}"
        said = f"Added, to hold {place}: {rule.text}"
    else:
        book.remove(rule)
        said = f"Removed: {rule.text}"
    changed = {"schema": SCHEMA, "action": arguments.action, "rule": rule.text}
    print(json.dumps({**changed, "file": str(book.user_file)}) if arguments.json else said)


def _file(book: RuleBook, *, is_json: bool) -> None:
    book.make_file()
    print(
        json.dumps({"schema": SCHEMA, "file": str(book.user_file)}) if is_json else book.user_file
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A rule as it is listed."""

    rule: str
    file: str
    """Where it is written down."""
    where: str
    """The folder in which it holds; empty for everywhere."""


def _list(book: RuleBook, root: Path, *, is_json: bool) -> int:
    problems, rows = book.problems(), [*_written(book, root), *_of_settings()]
    if is_json:
        rules = [asdict(row) for row in rows]
        print(json.dumps({"schema": SCHEMA, "rules": rules, "problems": problems}))
    else:
        width = max((len(row.rule) for row in rows), default=0)
        for row in rows:
            place = f"only in {row.where}, " if row.where else ""
            print(f"{row.rule:{width}}  {place}by {_shown(row.file)}")
        for problem in problems:
            print(f"Problem: {_shown(problem)}")
        if not rows and not problems:
            print("There are no rules.")
    return ExitCode.NOT_SOLVED if problems else ExitCode.DONE


def _written(book: RuleBook, root: Path) -> Iterator[_Row]:
    for placed in book.placed():
        if placed.root not in ("", str(root)):
            continue
        is_own = placed.rule.scope is Scope.USER
        file = book.user_file if is_own else book.project_file
        where = placed.root if is_own else str(root)
        yield _Row(rule=placed.rule.text, file=str(file), where=where)


def _of_settings() -> Iterator[_Row]:
    """Give the tools that the setting `allow` names, as the rules that they are.

    Raises: UsageError.
    """
    try:
        loaded = load_settings({}, overrides_name="")
    except SettingsError as error:
        raise UsageError(str(error)) from error
    for name in loaded.settings.allow:
        yield _Row(rule=f"allow tool {name}", file=loaded.origins["allow"], where="")


def _shown(text: str) -> str:
    """Give a text with the codes of characters that nobody would see."""
    return "".join(f"<U+{ord(char):04X}>" if is_hidden(char) else char for char in text)


COMMAND = CliCommand(
    name="rules",
    summary="list, add or take back rules about what happens without a question",
    add_arguments=add_arguments,
    run=run,
)
