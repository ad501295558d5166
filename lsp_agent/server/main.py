"""Starting the server on stdio, or on a socket for debugging."""

import logging
import sys

from lsp_agent.server import features
from lsp_agent.server.registration import registered_handlers
from lsp_agent.server.server import AgentServer, DeskMaker


def create_server(version: str, make_desk: DeskMaker) -> AgentServer:
    """Make the server with every feature of the `features` folder."""
    server = AgentServer(version, make_desk)
    for mark, handler in registered_handlers(features):
        if mark.is_command:
            server.command(mark.method)(handler)
        else:
            server.feature(mark.method, mark.options)(handler)
    return server


def serve_stdio(server: AgentServer) -> int:
    """Serve one client on stdin and stdout until it leaves, and give the exit code.

    Everything else that is printed, by whatever library, goes to stderr.
    """
    _log_to_stderr()
    wire, sys.stdout = sys.stdout, sys.stderr
    server.serve(sys.stdin.buffer, wire.buffer)
    # LSP 3.17, "Exit Notification": 1 if there was no shutdown request before.
    return 0 if server.wire.was_shut_down else 1


def serve_tcp(server: AgentServer, host: str, port: int) -> int:
    """Serve one client on a socket, for debugging."""
    _log_to_stderr()
    server.start_tcp(host, port)
    return 0


def _log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
