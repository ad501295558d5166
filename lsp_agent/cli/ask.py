"""Do, or answer, what you write, and show or write the difference."""

import argparse
import asyncio

from lsp_agent.agent.events import Outcome
from lsp_agent.cli.arguments import add_work_arguments, settings_of, text_of, workspace_of
from lsp_agent.cli.command import CliCommand
from lsp_agent.cli.keeping import advice, perform_and_keep, without_waiting
from lsp_agent.cli.opening import opened
from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.render import Done
from lsp_agent.cli.report import report
from lsp_agent.cli.review_view import counted
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Ask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("text", metavar="TEXT", help="what you want; `-` reads it from stdin")
    add_work_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do what was written, show what came of it, and give the exit code.

    Raises: UsageError, CommandFailed.
    """
    root = workspace_of(arguments.root)
    settings = settings_of(arguments, root)
    ask = Ask(text_of(arguments.text))
    terminal = Terminal()
    with opened(settings, root, terminal) as engine:
        done = asyncio.run(_ask(engine, ask, terminal, applies=arguments.apply))
    if arguments.json:
        print(report(done))
    else:
        _show(done, terminal)
    return EXIT_CODES[done.outcome]


async def _ask(engine: Engine, ask: Ask, terminal: Terminal, *, applies: bool) -> Done:
    if applies:
        without_waiting(engine)
    elif waiting := engine.workspace.open_proposals():
        verb = "waits" if len(waiting) == 1 else "wait"
        proposals = counted(len(waiting), "proposal")
        terminal.note(f"This builds on {proposals} that still {verb} for review.")
    return await perform_and_keep(engine, ask, terminal, applies=applies)


def _show(done: Done, terminal: Terminal) -> None:
    """Print the answer and the difference on stdout; what went wrong is said on stderr."""
    if done.outcome is Outcome.DONE:
        terminal.result(done.text.strip())
    else:
        terminal.note(done.text.strip(), style="yellow")
    terminal.diff(done.diff)
    if done.is_applied:
        terminal.note("Written.", style="green")
    elif done.diff:
        terminal.note(advice(done))


COMMAND = CliCommand(
    name="ask", summary="do, or answer, what you write", add_arguments=add_arguments, run=run
)
