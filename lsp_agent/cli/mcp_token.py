"""`lsp-agent mcp token`: the tokens by which clients reach the server over HTTP."""

import argparse
import importlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.config.settings import SettingsError, user_state_folder
from mcp_tools.types.errors import ExpectedError, NotFound


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with tokens."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("list", help="list the names of the tokens")
    for verb, what in (
        ("create", "make a token, and show it this one time"),
        ("rotate", "replace a token, and show the new one this one time"),
        ("revoke", "make a token good for nothing"),
    ):
        parser_of_verb = verbs.add_parser(verb, help=what)
        parser_of_verb.add_argument("name", metavar="NAME", help="whom the token is for")


def run(arguments: argparse.Namespace) -> int:
    """Do it; a running server knows at once.

    Raises: UsageError, CommandFailed.
    """
    tokens: Any = importlib.import_module("mcp_tools.server.http.tokens").TokenFile(tokens_path())
    try:
        match arguments.verb:
            case "create":
                print(tokens.create(arguments.name))
            case "rotate":
                print(tokens.rotate(arguments.name))
            case "revoke":
                tokens.revoke(arguments.name)
            case _:
                for entry in tokens.entries():
                    created = datetime.fromtimestamp(entry.created_at, UTC)
                    print(f"{entry.name}  made {created:%Y-%m-%d %H:%M} UTC")
    except NotFound as error:
        raise UsageError(str(error)) from error
    except ExpectedError as error:
        raise CommandFailed(str(error)) from error
    return ExitCode.DONE


def tokens_path() -> Path:
    """Give the file of the tokens.

    Raises: UsageError for a state folder that cannot be.
    """
    try:
        return user_state_folder() / "mcp" / "tokens.json"
    except SettingsError as error:
        raise UsageError(str(error)) from error


ACTION = CliCommand(
    name="token",
    summary="make, replace and revoke the tokens for HTTP",
    add_arguments=add_arguments,
    run=run,
)
