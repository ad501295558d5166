"""A client that starts `lsp-agent mcp` and speaks to it a line at a time."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lsp_agent.cli.program import LIMIT_S, Program, command

HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test client", "version": "1"},
}


@dataclass
class Client:
    """One connection, after its handshake."""

    process: subprocess.Popen[bytes]
    n_sent: int = 0
    _rest: bytes = b""
    _early: dict[int, Any] = field(default_factory=dict[int, Any])

    def send(self, method: str, **params: object) -> int:
        """Send a request, and give its id."""
        self.n_sent += 1
        self._write({"jsonrpc": "2.0", "id": self.n_sent, "method": method, "params": params})
        return self.n_sent

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Send a request, and give its result."""
        return self.answer(self.send(method, **params))

    def call(self, tool: str, /, **arguments: object) -> tuple[str, bool]:
        """Call a tool; give the text of its answer, and whether it failed."""
        result = self.ask("tools/call", name=tool, arguments=arguments)
        return result["content"][0]["text"], result["isError"]

    def answer(self, request_id: int) -> dict[str, Any]:
        """Wait for the result of a request."""
        while request_id not in self._early:
            message = self._read()
            if "id" in message:
                self._early[message["id"]] = message
        message = self._early.pop(request_id)
        assert "result" in message, message
        result: dict[str, Any] = message["result"]
        return result

    def shake_hands(self) -> dict[str, Any]:
        """Begin."""
        result = self.ask("initialize", **HELLO)
        self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return result

    def leave(self) -> int:
        """End the input, and wait for the end; gives the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(LIMIT_S)

    def end_by(self, number: signal.Signals) -> int:
        """Send a signal, and wait for the end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(LIMIT_S)

    def _write(self, message: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            readable, _, _ = select.select([self.process.stdout], [], [], LIMIT_S)
            assert readable, "no answer came"
            data = os.read(self.process.stdout.fileno(), 65536)
            assert data, "the server has ended"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def connected(program: Program, *arguments: str, cwd: Path | None = None) -> Generator[Client]:
    """Start the server and shake hands; it is gone at the end."""
    process = subprocess.Popen(
        command(("mcp", *arguments)),
        cwd=cwd or program.cwd,
        env=program.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    with process:
        try:
            client = Client(process)
            client.shake_hands()
            yield client
        finally:
            process.kill()
