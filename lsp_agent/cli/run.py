"""Run a command where it sees what waits for review, and propose what it changes."""

import argparse
import asyncio
import math
from pathlib import Path

from lsp_agent.cli.arguments import folder_in, settings_of, workspace_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.keeping import advice, perform_and_keep
from lsp_agent.cli.opening import add_place_arguments, opened
from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.render import Done
from lsp_agent.cli.report import command_report
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.protocol import Run
from mcp_tools.types.commands import ShellCommand

TIMEOUT_S = 600.0
SIGNAL_BASE = 128
"""What shells add to the number of the signal that has ended a command."""
EPILOG = """\
The exit code is the command's own when that is not 0. A line for a shell: run -- sh -c 'LINE'.
You typed it, so outside of the workspace it may do what you may; --confined takes that away.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.usage = (
        "%(prog)s [--apply] [--confined] [--timeout S] [--json] [--root DIR] -- COMMAND ..."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "--apply",
        action="store_true",
        help="write what it changes, also when it fails; `lsp-agent undo` takes it back",
    )
    parser.add_argument(
        "--timeout",
        metavar="S",
        type=float,
        default=TIMEOUT_S,
        help="seconds after which the command is ended (default: %(default)g)",
    )
    parser.add_argument(
        "--confined",
        action="store_true",
        help="run it as an agent's command runs: in the sandbox, without network and secrets",
    )
    add_place_arguments(parser)
    parser.add_argument(
        "command", metavar="COMMAND", nargs=argparse.REMAINDER, help="the program and its words"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command, show what it printed and what it would change, and give the exit code.

    Raises: UsageError, CommandFailed.
    """
    settings, root = settings_of(arguments), workspace_of(arguments.root)
    command = _command(arguments, root)
    terminal = Terminal()
    with opened(settings, root, terminal) as engine:
        work = perform_and_keep(engine, Run(command), terminal, applies=arguments.apply)
        done = asyncio.run(work)
    exit_code = _exit_code(done)
    if arguments.json:
        print(command_report(done, exit_code))
    else:
        _show(done, terminal)
    return exit_code


def _command(arguments: argparse.Namespace, root: Path) -> ShellCommand:
    words: list[str] = arguments.command
    argv = tuple(words[1:] if words[:1] == ["--"] else words)
    if not argv:
        raise UsageError("expected a command after `--`, got none")
    timeout_s: float = arguments.timeout
    if not (math.isfinite(timeout_s) and timeout_s > 0):
        raise UsageError(f"expected --timeout with seconds above 0, got {timeout_s:g}")
    return ShellCommand(
        argv=argv,
        cwd=folder_in(root),
        timeout_s=timeout_s,
        is_typed_by_user=not arguments.confined,
    )


def _exit_code(done: Done) -> int:
    own = done.command.exit_code if done.command else 0
    if own:
        return own if own > 0 else SIGNAL_BASE - own
    return EXIT_CODES[done.outcome]


def _show(done: Done, terminal: Terminal) -> None:
    """Print what the command printed, then the difference; the rest is said on stderr."""
    if done.command is not None:
        terminal.output(done.command.output)
        for note in done.command.notes:
            terminal.note(note, style="yellow")
    terminal.diff(done.diff)
    failed = EXIT_CODES[done.outcome] != 0
    terminal.note(done.text.strip(), style="yellow" if failed else "")
    if done.is_applied:
        terminal.note("Written; `lsp-agent undo` takes it back.", style="green")
    elif done.diff:
        terminal.note(advice(done))


COMMAND = CliCommand(
    name="run",
    summary="run a command, and propose what it changes",
    add_arguments=add_arguments,
    run=run,
)
