"""Do, or answer, what you write, and show or write the difference."""

import argparse
import asyncio
from pathlib import Path

from lsp_agent.agent.events import Outcome
from lsp_agent.app import build_disk_engine
from lsp_agent.cli.arguments import add_work_arguments, settings_of, text_of, workspace_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.render import Done, perform
from lsp_agent.cli.report import report
from lsp_agent.cli.terminal import Terminal
from lsp_agent.config.settings import Settings
from lsp_agent.engine.protocol import Ask
from mcp_tools.types.errors import ExpectedError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("text", metavar="TEXT", help="what you want; `-` reads it from stdin")
    add_work_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do what was written, show what came of it, and give the exit code.

    Raises: UsageError.
    """
    settings, root = settings_of(arguments), workspace_of(arguments.root)
    ask = Ask(text_of(arguments.text))
    terminal = Terminal()
    try:
        done = asyncio.run(_ask(settings, root, ask, terminal, applies=arguments.apply))
    except ExpectedError as error:
        raise UsageError(str(error)) from error
    finally:
        terminal.close()
    if arguments.json:
        print(report(done))
    else:
        _show(done, terminal, applies=arguments.apply)
    return EXIT_CODES[done.outcome]


async def _ask(
    settings: Settings, root: Path, ask: Ask, terminal: Terminal, *, applies: bool
) -> Done:
    return await perform(build_disk_engine(settings, root), ask, terminal, applies=applies)


def _show(done: Done, terminal: Terminal, *, applies: bool) -> None:
    """Print the answer and the difference on stdout; what went wrong is said on stderr."""
    if done.outcome is Outcome.DONE:
        terminal.result(done.text.strip())
    else:
        terminal.note(done.text.strip(), style="yellow")
    terminal.diff(done.diff)
    if done.is_applied:
        terminal.note("Written.", style="green")
    elif done.diff:
        advice = "" if applies else "; run it again with --apply to write this"
        terminal.note(f"Nothing was written{advice}.")


COMMAND = CliCommand(
    name="ask", summary="do, or answer, what you write", add_arguments=add_arguments, run=run
)
