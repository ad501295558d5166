"""A bare JSON-RPC client of a real server process, for what happens on the pipes."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Any

SERVER = (sys.executable, "-m", "lsp_agent", "lsp")


class StdioServer:
    """A running server process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        """Take a started process with pipes on its input and output."""
        self.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin: IO[bytes] = process.stdin
        self._stdout: IO[bytes] = process.stdout

    def send(self, method: str, params: object, request_id: int | None = None) -> None:
        """Send a request, or a notification when it has no id."""
        message: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
        if request_id is not None:
            message["id"] = request_id
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, body: bytes) -> None:
        """Send a frame with any body."""
        self._stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._stdin.flush()

    def receive(self) -> dict[str, Any]:
        """Give the next message; fails on anything that is not a frame."""
        size = 0
        while line := self._stdout.readline().strip():
            name, _, value = line.partition(b":")
            assert name in (b"Content-Length", b"Content-Type"), line
            size = int(value) if name == b"Content-Length" else size
        message: dict[str, Any] = json.loads(self._stdout.read(size))
        return message

    def answer(self, request_id: int) -> dict[str, Any]:
        """Give the answer to a request; what comes before it is passed over."""
        while True:
            message = self.receive()
            if message.get("id") == request_id and "method" not in message:
                return message

    def initialize(self, root_uri: str | None = None) -> dict[str, Any]:
        """Shake hands as an editor does, and give the result."""
        self.send("initialize", {"processId": None, "rootUri": root_uri, "capabilities": {}}, 1)
        answer = self.answer(1)
        self.send("initialized", {})
        result: dict[str, Any] = answer["result"]
        return result

    def end_of_input(self) -> None:
        """Close the server's input, as an editor that dies does."""
        self._stdin.close()


@contextmanager
def stdio_server(environment: Mapping[str, str]) -> Generator[StdioServer, None, None]:
    """Start a server process with just this environment, and make sure that it is gone after."""
    process = subprocess.Popen(
        SERVER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
    )
    try:
        yield StdioServer(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
