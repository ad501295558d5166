"""A plain LSP client for measuring: blocking requests over the standard input of a server."""

import itertools
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
EXIT_TIMEOUT_S = 10.0

CAPABILITIES: dict[str, object] = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {
        "symbol": {},
        "workspaceFolders": True,
        "configuration": True,
        "didChangeWatchedFiles": {"dynamicRegistration": False},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "definition": {},
        "references": {},
        "hover": {},
        "callHierarchy": {},
        "typeHierarchy": {},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "rename": {"prepareSupport": True},
    },
}


class ServerFailed(Exception):
    """A server answered with an error, ended, or took too long."""


class LspClient:
    """One server, started and initialized; requests are made one after another."""

    def __init__(
        self,
        argv: Sequence[str],
        root: Path,
        *,
        env: Mapping[str, str] | None = None,
        options: object = None,
    ) -> None:
        """Start `argv` on the folder `root`; `started_at` is when, on `time.perf_counter`.

        Raises: ServerFailed.
        """
        self.root = root
        self.started_at = time.perf_counter()
        self._server = subprocess.Popen(
            argv,
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
        )
        self._ids = itertools.count(1)
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self.progress: list[Mapping[str, Any]] = []
        """The values of all `$/progress` notifications so far."""
        threading.Thread(target=self._read, daemon=True).start()
        folder = {"uri": root.as_uri(), "name": root.name}
        params = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": CAPABILITIES,
            "initializationOptions": options,
        }
        self.initialized = cast("Mapping[str, Any]", self.request("initialize", params))
        self.notify("initialized", {})

    def request(self, method: str, params: object, timeout_s: float = 120.0) -> object:
        """Send a request and give its result.

        Raises: ServerFailed.
        """
        number = next(self._ids)
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        deadline = time.perf_counter() + timeout_s
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, deadline - time.perf_counter()))
            except queue.Empty:
                raise ServerFailed(f"{method}: no answer in {timeout_s} s") from None
            if answer is None:
                raise ServerFailed(f"{method}: the server has ended")
            if answer.get("id") != number:
                continue  # The late answer to a request that was given up.
            if "error" in answer:
                raise ServerFailed(f"{method}: {answer['error']}")
            return answer.get("result")

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def open(self, path: Path) -> str:
        """Open a Python file as an editor does, and give its text."""
        text = path.read_text(encoding="utf-8")
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return text

    def memory_bytes(self) -> int:
        """Give the resident memory of the server and all processes below it."""
        return sum(_resident(pid) for pid in _tree(self._server.pid))

    def close(self) -> None:
        """Ask the server to end, and end it if it does not."""
        try:
            self.request("shutdown", None, timeout_s=EXIT_TIMEOUT_S)
            self.notify("exit", None)
            self._server.wait(EXIT_TIMEOUT_S)
        except (ServerFailed, OSError, subprocess.TimeoutExpired):
            self._server.kill()
            self._server.wait()
        for pipe in (self._server.stdin, self._server.stdout):
            if pipe is not None:
                pipe.close()

    def _send(self, message: object) -> None:
        body = json.dumps(message).encode()
        assert self._server.stdin is not None
        with self._sending:
            try:
                self._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
                self._server.stdin.flush()
            except OSError as error:
                raise ServerFailed("the server has ended") from error

    def _read(self) -> None:
        assert self._server.stdout is not None
        try:
            while (message := self._message()) is not None:
                self._take(message)
        except (OSError, ValueError, ServerFailed):
            pass
        self._answers.put(None)

    def _message(self) -> dict[str, Any] | None:
        assert self._server.stdout is not None
        length = 0
        while line := self._server.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self._server.stdout.read(length)) if length else None

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self._answers.put(message)
        elif "id" in message:
            items = message.get("params", {}).get("items", ())
            result = [None for _ in items] if method == "workspace/configuration" else None
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        elif method == "$/progress":
            self.progress.append(message["params"]["value"])


def _tree(pid: int) -> list[int]:
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = thread.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            found += _tree(int(child))
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
