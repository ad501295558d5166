"""`lsp-agent mcp install` and `uninstall`: our entry in the settings of MCP clients."""

import argparse
import importlib
from typing import Any

from lsp_agent.cli.command import CliCommand
from lsp_agent.installing.client import PROGRAM
from lsp_agent.installing.registry import client_names
from mcp_tools.types.calls import Profile

LEVELS = ("observe", "suggest", "edit", "auto")


def add_install_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `install`."""
    _add_place(parser)
    # What is said before `install` counts as well.
    nothing = argparse.SUPPRESS
    parser.add_argument(
        "--profile",
        choices=[profile.value for profile in Profile],
        default=nothing,
        help="which tools are offered",
    )
    parser.add_argument(
        "--level", choices=LEVELS, default=nothing, help="what happens without a question"
    )
    parser.add_argument(
        "--root",
        metavar="DIR",
        action="append",
        default=nothing,
        help="always serve this folder; may be given several times; else the client's project is",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace an entry of that name that is not ours"
    )


def install(arguments: argparse.Namespace) -> int:
    """Show the entry and the file, ask, and write it.

    Raises: UsageError, CommandFailed.
    """
    return _work().install(arguments)


def uninstall(arguments: argparse.Namespace) -> int:
    """Show what is taken out of which file, ask, and do it.

    Raises: UsageError, CommandFailed.
    """
    return _work().uninstall(arguments)


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "client",
        metavar="CLIENT",
        choices=client_names(),
        help=f"one of {', '.join(client_names())}",
    )
    parser.add_argument(
        "--name", default=PROGRAM, help="the name of the entry (default: %(default)s)"
    )
    parser.add_argument(
        "--project",
        action="store_true",
        help="in the file of the project that you are in, which others use too",
    )
    parser.add_argument("--dry-run", action="store_true", help="show it, and write nothing")
    parser.add_argument("--yes", action="store_true", help="write it without a question")


def _work() -> Any:  # noqa: ANN401 - a module
    # Serving, which the same command does, must not wait for what draws on terminals.
    return importlib.import_module("lsp_agent.cli.mcp_entry")


INSTALL = CliCommand(
    name="install",
    summary="add these tools to the settings of a client, such as claude-code or vscode",
    add_arguments=add_install_arguments,
    run=install,
)
UNINSTALL = CliCommand(
    name="uninstall",
    summary="take our entry out of the settings of a client",
    add_arguments=_add_place,
    run=uninstall,
)
