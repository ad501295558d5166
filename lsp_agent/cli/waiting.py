"""List what was denied because nobody could be asked, or forget it."""

import argparse
import json
import shlex

import msgspec

from lsp_agent.app import waiting_list
from lsp_agent.cli.arguments import workspace_of
from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.config.settings import SettingsError
from lsp_agent.engine.spelling import spelled
from lsp_agent.engine.waiting import Waiting
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.programs import shell_argv

SCHEMA = 1
EPILOG = """\
Nothing is run from here: look at what it is, and run it yourself by the command that is shown.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and options."""
    parser.epilog = EPILOG
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "clear"),
        default="list",
        help="`clear` forgets all (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it.

    Raises: UsageError, CommandFailed.
    """
    root = workspace_of(arguments.root)
    try:
        kept = waiting_list(root)
        found = () if arguments.action == "clear" else kept.all()
        n_cleared = kept.clear() if arguments.action == "clear" else 0
    except SettingsError as error:
        raise UsageError(str(error)) from error
    except (ExpectedError, OSError) as error:
        raise CommandFailed(f"what waits cannot be read: {error}") from error
    if arguments.json:
        waiting = [{**msgspec.to_builtins(each), "run": command_for(each)} for each in found]
        print(json.dumps({"schema": SCHEMA, "waiting": waiting, "n_cleared": n_cleared}))
    elif arguments.action == "clear":
        print(f"{n_cleared} forgotten.")
    else:
        print("\n\n".join(_shown(number, each) for number, each in enumerate(found, 1)) or NOTHING)
    return ExitCode.DONE


NOTHING = "Nothing waits."


def command_for(waiting: Waiting) -> str:
    """Give what a person types to run it; empty where it is no line, or not all of it is seen."""
    line = waiting.line
    if not line or spelled(line) != line:
        return ""
    run_it = shlex.join(["lsp-agent", "run", "--", *shell_argv(line)])
    return f"cd {shlex.quote(waiting.folder)} && {run_it}" if waiting.folder else run_it


def _shown(number: int, waiting: Waiting) -> str:
    """Give one as text; nothing in it is hidden."""
    heading = f"{number}. {waiting.tool}, {waiting.risk or 'unknown'} risk, {waiting.at}"
    lines = [heading, f"   for {waiting.who}; {waiting.reason}"]
    lines += [f"   | {line}" for line in waiting.what.split("\n")]
    if command := command_for(waiting):
        lines.append(f"   run it: {command}")
    return spelled("\n".join(lines))


COMMAND = CliCommand(
    name="waiting",
    summary="list what was denied because nobody could be asked",
    add_arguments=add_arguments,
    run=run,
)
