"""`lsp-agent lsp`: the language server."""

import argparse
import importlib
import re

from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.server.quick_types import load_quickly
from lsp_agent.version import VERSION
from mcp_tools.garbage import collect_from_now_on, collect_not_yet

MAX_PORT = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--tcp", metavar="HOST:PORT", help="serve one client on a socket, for debugging"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until the client leaves.

    Raises: UsageError for an address that is none.
    """
    collect_not_yet()  # The desk says when the start is over.
    try:
        return _serve(arguments)
    finally:
        collect_from_now_on()


def _serve(arguments: argparse.Namespace) -> int:
    load_quickly()
    # After that, since it imports the types of the protocol as they come.
    main = importlib.import_module("lsp_agent.server.main")
    server = main.create_server(VERSION, make_desk)
    if arguments.tcp is None:
        return main.serve_stdio(server)
    host, _, port = str(arguments.tcp).rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > MAX_PORT:
        raise UsageError(f"expected --tcp HOST:PORT, got {arguments.tcp!r}")
    return main.serve_tcp(server, host, int(port))


def make_desk(server: object) -> object:
    """Make the agent's side of the server, with everything heavy.

    It is imported here and not above, so that the editor has its answer to `initialize` first.
    """
    started = importlib.import_module("lsp_agent.lsp_start").begin(server)
    return importlib.import_module("lsp_agent.lsp_app").make_desk(server, started)


COMMAND = CliCommand(
    name="lsp", summary="serve an editor over stdio", add_arguments=add_arguments, run=run
)
