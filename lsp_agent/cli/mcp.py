"""`lsp-agent mcp`: the tools of a workspace, for the models of others."""

import argparse
import asyncio
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lsp_agent.cli import mcp_install, mcp_token
from lsp_agent.cli.arguments import add_trust_argument, workspace_of
from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.mcp_http import add_http_arguments, http_wish_of
from lsp_agent.config.settings import Settings, SettingsError, load_settings
from lsp_agent.trust.patterns import pattern_for
from lsp_agent.version import VERSION
from mcp_tools.server.options import ServerOptions
from mcp_tools.types.calls import Profile
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.paths import is_project_root

ACTIONS: Mapping[str, CliCommand] = {
    "install": mcp_install.INSTALL,
    "token": mcp_token.ACTION,
    "uninstall": mcp_install.UNINSTALL,
}
"""What `lsp-agent mcp NAME` does instead of serving."""

LEVELS = ("observe", "suggest", "edit", "auto", "unattended")
EPILOG = """\
Without --http it serves the one client that has started it, on standard input and output.
Edits wait for review at the level `suggest`, which is the default; see `lsp-agent review`.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options, and the actions that have some of their own."""
    parser.epilog = EPILOG
    parser.add_argument(
        "--root",
        metavar="DIR",
        action="append",
        help="serve this folder; may be given several times; else the nearest project is served",
    )
    parser.add_argument(
        "--profile",
        choices=[profile.value for profile in Profile],
        default=Profile.EDIT.value,
        help="which tools are offered (default: %(default)s)",
    )
    parser.add_argument(
        "--level", choices=LEVELS, help="what happens without a question (default: suggest)"
    )
    parser.add_argument(
        "--allow",
        metavar="TOOL",
        action="append",
        help="let this tool run without a question, such as `shell`; may be given several times",
    )
    add_trust_argument(parser)
    add_http_arguments(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, command in ACTIONS.items():
        command.add_arguments(actions.add_parser(name, help=command.summary))


def run(arguments: argparse.Namespace) -> int:
    """Serve until the client leaves or a signal comes, or do the action that was named.

    Raises: UsageError, CommandFailed.
    """
    if arguments.action is not None:
        return ACTIONS[arguments.action].run(arguments)
    roots = _roots(arguments.root)
    settings = _settings(arguments, roots)
    http = http_wish_of(arguments)
    options = ServerOptions(
        version=VERSION,
        profile=Profile(arguments.profile),
        has_canaries=settings.canary_tools,
    )
    try:
        # The SDK takes most of a second to load, so nothing else waits for it.
        if http is None:
            serving: Any = importlib.import_module("lsp_agent.cli.mcp_serving")
            asyncio.run(serving.serve_over_stdio(settings, roots, options))
        else:
            listening: Any = importlib.import_module("lsp_agent.cli.mcp_listening")
            asyncio.run(listening.serve_over_http(settings, roots, options, http))
    except ExpectedError as error:
        raise CommandFailed(str(error)) from error
    return ExitCode.DONE


def _settings(arguments: argparse.Namespace, roots: Sequence[Path]) -> Settings:
    """Load the settings, with the command line as the last layer."""
    named: list[str] = arguments.allow or []
    overrides: dict[str, object] = {"level": arguments.level}
    if arguments.trust:
        overrides["trusted_folders"] = [pattern_for(root) for root in roots]
    try:
        kept = load_settings({}, overrides_name="").settings.allow
        overrides["allow"] = [*kept, *named] if named else None
        return load_settings(overrides, overrides_name="the command line").settings
    except SettingsError as error:
        raise UsageError(str(error)) from error


def _roots(names: Sequence[str] | None) -> Sequence[Path]:
    """Give the folders to serve, each once.

    Raises: UsageError for one that is none, or that nobody should serve.
    """
    roots = [workspace_of(name) for name in names or [None]]
    for root in roots:
        if not is_project_root(root):
            raise UsageError(
                f"{str(root)!r} is never served: all that you have lies in it; "
                "name the folder of one project by --root"
            )
    return list(dict.fromkeys(roots))


COMMAND = CliCommand(
    name="mcp",
    summary="serve the tools to other models' programs, over stdio or HTTP",
    add_arguments=add_arguments,
    run=run,
)
