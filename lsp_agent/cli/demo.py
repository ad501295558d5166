"""Fix a broken sample project, with no key and no network."""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import cast

from lsp_agent.cli.arguments import new_folder
from lsp_agent.cli.command import CliCommand
from lsp_agent.cli.editors import EDITORS
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.terminal import Terminal

RunDemo = Callable[[Terminal, Path | None], bool]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--keep", metavar="DIR", help="leave the fixed project in this new folder to look at"
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the agent at work; give 1 if the project is not well afterwards.

    Raises: UsageError.
    """
    keep = new_folder(arguments.keep) if arguments.keep else None
    # The demo is a front end like any other, and stands beside the commands, not below them.
    run_demo = cast(RunDemo, importlib.import_module("lsp_agent.demo.show").run_demo)
    terminal = Terminal()
    if not run_demo(terminal, keep):
        terminal.result("\nThe demo has failed: see above.", style="bold red")
        return ExitCode.NOT_SOLVED
    terminal.result("\nTo have this in your editor:", style="bold")
    for editor in EDITORS:
        terminal.result(f"\n{editor.name}: {editor.where}\n", style="bold")
        terminal.result(editor.lines.rstrip("\n"))
    return ExitCode.DONE


COMMAND = CliCommand(
    name="demo",
    summary="fix a broken sample project, with no key and no network",
    add_arguments=add_arguments,
    run=run,
)
