"""List what was changed, by whom, and what can still be undone."""

import argparse
import json
from collections.abc import Sequence

from lsp_agent.agent.events import Outcome
from lsp_agent.cli.arguments import settings_of, workspace_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.entry_files import files_of
from lsp_agent.cli.entry_report import entry_json, line_json
from lsp_agent.cli.entry_view import show_entry, show_line
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.moments import now_here
from lsp_agent.cli.opening import add_place_arguments, opened
from lsp_agent.cli.render import Done
from lsp_agent.cli.report import outcome_json
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from mcp_tools.workspace.undo.history_lines import history

LIMIT = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "entry", metavar="ENTRY", nargs="?", help="show this one: a number, or an id"
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "-n", metavar="N", type=int, default=LIMIT, help="the newest N (default: %(default)s)"
    )
    group.add_argument("--all", action="store_true", help="all that is kept")
    add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the history, or one entry of it.

    Raises: UsageError, CommandFailed.
    """
    if arguments.n < 1:
        raise UsageError(f"expected -n with a number from 1 on, got {arguments.n}")
    settings, root = settings_of(arguments), workspace_of(arguments.root)
    terminal = Terminal()
    with opened(settings, root, terminal) as engine:
        if arguments.entry is not None:
            _one(engine, arguments, terminal)
        else:
            _list(engine, arguments, terminal)
    return ExitCode.DONE


def _list(engine: Engine, arguments: argparse.Namespace, terminal: Terminal) -> None:
    journal = engine.applier.journal
    read_state = engine.workspace.snapshot().below_state
    lines = history(journal, read_state, limit=None if arguments.all else arguments.n)
    if arguments.json:
        _print_json([line_json(line, journal) for line in lines])
        return
    now = now_here()
    for line in lines:
        show_line(line, now, terminal)
    if not lines:
        terminal.note("Nothing was changed yet.")
    elif lines[-1].entry.number > 1 and not arguments.all:
        terminal.note("There is more; `lsp-agent history --all` lists it.")


def _one(engine: Engine, arguments: argparse.Namespace, terminal: Terminal) -> None:
    """Print one entry.

    Raises: NotFound if there is none, or several; JournalFailed.
    """
    journal = engine.applier.journal
    read_state = engine.workspace.snapshot().below_state
    entry = journal.entry(arguments.entry)
    # Numbers have no gaps, so these are the entry and all newer ones.
    n_newer = journal.entries(limit=1)[0].number - entry.number
    line = history(journal, read_state, limit=n_newer + 1)[-1]
    files = files_of(line, journal, read_state)
    if arguments.json:
        _print_json([entry_json(line, files, journal)])
    else:
        show_entry(line, files, engine.workspace.root, terminal)


def _print_json(entries: Sequence[dict[str, object]]) -> None:
    done = Done(outcome=Outcome.DONE, text="")
    print(json.dumps(outcome_json(done) | {"history": entries}))


COMMAND = CliCommand(
    name="history",
    summary="list what was changed, by whom, and what can still be undone",
    add_arguments=add_arguments,
    run=run,
)
