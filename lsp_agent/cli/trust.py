"""Say whether a folder is trusted, and give or take back the trust."""

import argparse
import asyncio
import json
from pathlib import Path

from lsp_agent.app import trust_store
from lsp_agent.cli.arguments import settings_of, workspace_of
from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.terminal import Terminal
from lsp_agent.config.settings import SettingsError
from lsp_agent.permissions.levels import Trust
from lsp_agent.trust.identity import FolderIdentity, identity_of
from lsp_agent.trust.powers import Power
from lsp_agent.trust.records import Grant
from lsp_agent.trust.store import TrustStore, TrustView
from lsp_agent.trust.telling import WHAT_CHANGES, advice, lines_of, question, shown
from mcp_tools.types.errors import Denied, ExpectedError

SCHEMA = 1
MAX_LINES = 60
"""Of one file that asks for power."""
EPILOG = """\
A folder that you do not trust is only read: no program, test or formatter of it runs, and none of
its hooks, servers and plugins. What you trust is kept in a private file of your own, and bound to
the folder and to the text of what asks for power in it: when that changes, it is off until you
grant it again. `status` ends with 1 where a folder is not trusted.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and options."""
    parser.epilog = EPILOG
    actions = ("status", "grant", "revoke", "list")
    parser.add_argument(
        "action",
        choices=actions,
        nargs="?",
        default="status",
        help="what to do (default: %(default)s)",
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", help="else the nearest project")
    parser.add_argument("--yes", action="store_true", help="grant without a question")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it, and give the exit code.

    Raises: UsageError, CommandFailed.
    """
    terminal = Terminal()
    try:
        store = trust_store(settings_of(arguments))
        for problem in store.problems():
            terminal.note(problem, style="yellow")
        if arguments.action == "list":
            return _list(store, terminal, is_json=arguments.json)
        root = workspace_of(arguments.folder)
        if arguments.action == "grant" and not _grant(store, root, terminal, arguments):
            return ExitCode.DENIED
        if arguments.action == "revoke":
            store.revoke(root)
    except (SettingsError, Denied) as error:
        raise UsageError(str(error)) from error
    except (ExpectedError, OSError) as error:
        raise CommandFailed(str(error)) from error
    return _status(store.look(root), root, terminal, arguments)


def _grant(
    store: TrustStore, root: Path, terminal: Terminal, arguments: argparse.Namespace
) -> bool:
    """Show what would change, ask, and trust the folder; False without a yes."""
    view = store.look(root)
    for line in (*lines_of(view, root), WHAT_CHANGES):
        terminal.note(line)
    for power in view.changed:
        _show(power, terminal)
    if not arguments.yes and not asyncio.run(terminal.confirm(question(root), "")):
        terminal.note("Nothing has changed; --yes grants it without a question.")
        return False
    store.grant(root, view.powers)
    return True


def _show(power: Power, terminal: Terminal) -> None:
    """Show the text of what asks for power, nothing of it hidden."""
    if power.problem:
        return
    lines = power.definition.splitlines()
    terminal.note(f"--- {shown(power.name)}", style="bold")
    for line in lines[:MAX_LINES]:
        terminal.note(shown(line.expandtabs(4)))
    if len(lines) > MAX_LINES:
        terminal.note(f"[cut: {len(lines) - MAX_LINES} more lines; read the file itself]")


def _status(
    view: TrustView, root: Path, terminal: Terminal, arguments: argparse.Namespace
) -> ExitCode:
    is_wanted = arguments.action != "status" or view.trust is Trust.TRUSTED
    exit_code = ExitCode.DONE if is_wanted else ExitCode.NOT_SOLVED
    if arguments.json:
        print(json.dumps(_as_json(view, root, exit_code)))
        return exit_code
    for line in lines_of(view, root):
        terminal.result(line)
    if arguments.action == "status" and advice(view):
        terminal.note(advice(view))
    return exit_code


def _as_json(view: TrustView, root: Path, exit_code: ExitCode) -> dict[str, object]:
    powers = [
        {
            "kind": power.kind.value,
            "name": power.name,
            "is_on": view.trust is Trust.TRUSTED and power not in view.changed,
            "problem": power.problem,
        }
        for power in view.powers
    ]
    known = {"root": str(root), "trust": view.trust.value, "reason": view.reason}
    return {"schema": SCHEMA, "exit_code": exit_code.value, **known, "powers": powers}


def _list(store: TrustStore, terminal: Terminal, *, is_json: bool) -> ExitCode:
    grants = store.grants()
    if is_json:
        folders = [{"path": each.path, "holds": _holds(each)} for each in grants]
        print(json.dumps({"schema": SCHEMA, "exit_code": 0, "folders": folders}))
        return ExitCode.DONE
    for each in grants:
        ended = "" if _holds(each) else "  (ended: it is gone, or another folder now)"
        terminal.result(f"{shown(each.path)}{ended}")
    if not grants:
        terminal.note("You trust no folder.")
    return ExitCode.DONE


def _holds(grant: Grant) -> bool:
    now = identity_of(Path(grant.path))
    then = FolderIdentity(
        path=grant.path, device=grant.device, inode=grant.inode, owner=grant.owner
    )
    return now == then


COMMAND = CliCommand(
    name="trust",
    summary="say whether a folder is trusted, and give or take back the trust",
    add_arguments=add_arguments,
    run=run,
)
