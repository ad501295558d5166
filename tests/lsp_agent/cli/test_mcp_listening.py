"""`lsp-agent mcp --http` as a process: tokens, refusals, and how it ends."""

import http.client
import json
import re
import signal
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.lsp_agent.cli.program import LIMIT_S, Program

VERSION = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": {"name": "test client", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass(frozen=True)
class Listener:
    """A server that listens."""

    process: subprocess.Popen[str]
    url: str
    token: str
    said: str

    def post(self, token: str | None, name: str, **arguments: object) -> tuple[int, str]:
        """Call a tool; give the status and the body."""
        params = {"name": name, "arguments": arguments, "_meta": META}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": VERSION,
            "Mcp-Method": "tools/call",
            "Mcp-Name": name,
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT_S)
        try:
            connection.request("POST", parts.path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def listening(program: Program, *arguments: str) -> Generator[Listener]:
    """Start a server on a free port, and wait until it listens; it is gone at the end."""
    with program.started("mcp", "--http", "127.0.0.1:0", *arguments) as process:
        assert process.stderr is not None
        said = ""
        while "serving at " not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        token = re.search(r"lspa_\S+", said)
        url = re.search(r"serving at (\S+)", said)
        assert url is not None
        yield Listener(process, url[1], token[0] if token else "", said)


def test_the_first_token_is_made_and_shown_and_good(program: Program) -> None:
    with listening(program) as server:
        assert "which is shown only now" in server.said
        status, body = server.post(server.token, "read_file", path="lengths.py")
        assert (status, "def n_chars" in body) == (200, True)
        for token in (None, "lspa_wrong", server.token[:-1]):
            assert server.post(token, "read_file", path="lengths.py")[0] == 401
        new = program.run("mcp", "token", "rotate", "default").stdout.strip()
        assert server.post(server.token, "read_file", path="lengths.py")[0] == 401
        assert server.post(new, "read_file", path="lengths.py")[0] == 200
    with listening(program) as server:
        assert server.token == ""
        assert server.post(new, "read_file", path="lengths.py")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(program: Program, number: signal.Signals) -> None:
    with listening(program) as server:
        server.post(server.token, "read_file", path="lengths.py")
        server.process.send_signal(number)
        assert server.process.wait(LIMIT_S) == 0
        assert server.process.stderr is not None
        rest = server.process.stderr.read()
        assert "Traceback" not in rest
        assert "lspa_" not in rest


def test_without_tokens_it_warns(program: Program) -> None:
    with listening(program, "--no-auth") as server:
        assert "warning: no token is asked for" in server.said
        assert server.post(None, "read_file", path="lengths.py")[0] == 200


def test_a_port_that_is_taken_is_said(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = program.run("mcp", "--http", f"127.0.0.1:{port}", "--no-auth")
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--http", "0.0.0.0:0"), "without TLS would send tokens"),
        (("--http", "0.0.0.0:0", "--no-auth"), "listens on loopback only"),
        (("--http", "0.0.0.0:0", "--plain"), "needs the names by which clients call"),
        (
            ("--http", ":0", "--issuer", "http://a.example", "--resource", "https://b.example"),
            "must begin with https://",
        ),
    ],
)
def test_what_is_not_safe_is_refused(
    program: Program, arguments: tuple[str, ...], expected: str
) -> None:
    done = program.run("mcp", *arguments)
    assert done.returncode == 1
    assert expected in done.stderr
    assert "lspa_" not in done.stderr
