"""An editor that opens each folder in one server, and lets the agent fix things."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.hostile.nest import PYTHON, Nest
from tests.support.stdio import StdioServer

CAPABILITIES: dict[str, Any] = {
    "window": {"workDoneProgress": True, "showMessage": {}},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "textDocument": {"diagnostic": {}},
}
FOLDERS = 8
"""How many are open from the start; of the others a file is opened, which is quicker."""
ENDS = 2
"""How many tasks are started in each folder."""


def through_lsp(nest: Nest) -> dict[str, str]:
    """Open and use everything; give what was answered, by the names of the plants."""
    process = subprocess.Popen(
        [*PYTHON, "-m", "lsp_agent", "lsp"],
        cwd=next(iter(nest.grounds.values())).root,
        env=nest.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        try:
            editor = _Editor(StdioServer(process))
            editor.begin([each.root for each in nest.grounds.values()][:FOLDERS])
            return {name: editor.visit(each.root) for name, each in nest.grounds.items()}
        finally:
            process.kill()


class _Editor:
    def __init__(self, server: StdioServer) -> None:
        self._server = server
        self._n_sent = 0
        self._n_ended = 0

    def begin(self, roots: list[Path]) -> None:
        """Shake hands, with all folders open."""
        folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folders[0]["uri"],
                "capabilities": CAPABILITIES,
                "workspaceFolders": folders,
                "initializationOptions": {"model": "offline"},
            },
        )
        self._server.send("initialized", {})

    def visit(self, root: Path) -> str:
        """Open the Python files of a folder, and do what can be done there."""
        answers: list[Any] = [self._look_at(path) for path in sorted(root.glob("*.py"))[:3]]
        uri = (root / "a.py").as_uri()
        self._n_ended = 0
        for command in ("lspAgent.fixAll", "lspAgent.explain"):
            arguments = {"command": command, "arguments": [{"uri": uri}]}
            answers.append(self._ask("workspace/executeCommand", arguments))
        while self._n_ended < ENDS:
            self._take(self._server.receive())
        return json.dumps(answers)

    def _look_at(self, path: Path) -> list[Any]:
        uri = path.as_uri()
        document = {"uri": uri}
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._server.send("textDocument/didOpen", {"textDocument": item})
        at: dict[str, Any] = {"textDocument": document, "position": {"line": 0, "character": 8}}
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}
        report = self._ask("textDocument/diagnostic", {"textDocument": document})
        result: dict[str, Any] = report.get("result") or {}
        found: list[Any] = result.get("items", [])
        context: dict[str, Any] = {"diagnostics": found}
        return [
            found,
            self._ask("textDocument/hover", at),
            self._ask("textDocument/definition", at),
            self._ask("textDocument/references", {**at, "context": {"includeDeclaration": True}}),
            self._ask("textDocument/rename", {**at, "newName": "hail"}),
            self._ask("textDocument/documentSymbol", {"textDocument": document}),
            self._ask("textDocument/codeLens", {"textDocument": document}),
            self._ask(
                "textDocument/codeAction",
                {"textDocument": document, "range": whole, "context": context},
            ),
            self._ask("workspace/symbol", {"query": "key"}),
        ]

    def _ask(self, method: str, params: object) -> dict[str, Any]:
        self._n_sent += 1
        self._server.send(method, params, self._n_sent)
        while True:
            message = self._server.receive()
            if message.get("id") == self._n_sent and "method" not in message:
                return message
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        """Answer what the server asks, always with nothing, and see tasks end."""
        if "id" in message and "method" in message:
            answer = {"jsonrpc": "2.0", "id": message["id"], "result": None}
            if message["method"] == "workspace/applyEdit":
                answer["result"] = {"applied": False}
            self._server.send_bytes(json.dumps(answer).encode())
        elif message.get("method") == "$/progress":
            self._n_ended += message["params"]["value"].get("kind") == "end"
