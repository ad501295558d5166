"""Messages that come at the wrong time, or cannot be read."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.stdio import StdioServer, stdio_server

APPLY = "workspace/applyEdit"
TEXT = "import os\n"
ABLE = {"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LSP_AGENT_MODEL": "offline"}


def initialize(server: StdioServer, **params: object) -> None:
    """Shake hands as an editor that takes edits and asks for diagnostics."""
    pull: dict[str, object] = {"diagnostic": {}}
    capabilities = {**ABLE, "textDocument": pull}
    server.send("initialize", {"processId": None, "capabilities": capabilities, **params}, 1)
    server.answer(1)
    server.send("initialized", {})


def open_document(server: StdioServer, uri: str, text: str = TEXT) -> None:
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    server.send("textDocument/didOpen", {"textDocument": item})


def change(server: StdioServer, uri: str, *changes: object) -> None:
    identifier = {"uri": uri, "version": 2}
    params = {"textDocument": identifier, "contentChanges": list(changes)}
    server.send("textDocument/didChange", params)


def diagnostics(server: StdioServer, uri: str, request_id: int) -> list[dict[str, Any]]:
    server.send("textDocument/diagnostic", {"textDocument": {"uri": uri}}, request_id)
    items: list[dict[str, Any]] = server.answer(request_id)["result"]["items"]
    return items


def execute(server: StdioServer, command: str, argument: object) -> None:
    server.send("workspace/executeCommand", {"command": command, "arguments": [argument]}, 50)


def receive(server: StdioServer, method: str) -> dict[str, Any]:
    while (message := server.receive()).get("method") != method:
        pass
    return message


def test_what_comes_before_initialize_is_refused_and_initialize_still_works(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        open_document(server, "file:///a.py")
        server.send("shutdown", None, 2)
        assert server.receive()["error"]["code"] == -32002
        assert server.initialize()["serverInfo"]["name"] == "lsp-agent"


def test_a_second_initialize_is_refused(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        server.initialize()
        server.send("initialize", {"processId": None, "capabilities": {}}, 2)
        assert server.answer(2)["error"]["code"] == -32600


def test_a_request_after_shutdown_is_refused_and_not_left_waiting(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        server.initialize()
        server.send("shutdown", None, 2)
        assert server.answer(2)["result"] is None
        execute(server, "lspAgent.cancel", {})
        assert server.answer(50)["error"]["code"] == -32600


@pytest.mark.parametrize("result", [None, 5])
def test_an_unreadable_answer_to_an_edit_ends_the_wait(tmp_path: Path, result: object) -> None:
    path = tmp_path / "a.py"
    path.write_text(TEXT, encoding="utf-8")
    with stdio_server(environment(tmp_path)) as server:
        initialize(server, rootUri=tmp_path.as_uri())
        open_document(server, path.as_uri())
        execute(server, "lspAgent.fixAll", {"uri": path.as_uri()})
        request_id = receive(server, APPLY)["id"]
        body = f'{{"jsonrpc": "2.0", "id": "{request_id}", "result": {result or "null"}}}'
        server.send_bytes(body.encode())
        texts: list[str] = []
        while len(texts) < 2:
            texts.append(receive(server, "window/showMessage")["params"]["message"])
        expected = "the editor could not apply the edit: its answer could not be read"
        assert f"{expected}; nothing was changed" in texts


def test_a_whole_change_may_come_with_a_null_range(tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    with stdio_server(environment(tmp_path)) as server:
        initialize(server, rootUri=tmp_path.as_uri())
        open_document(server, uri, "x = 1\n")
        change(server, uri, {"range": None, "text": TEXT})
        assert len(diagnostics(server, uri, 2)) == 1


def test_a_document_is_let_go_when_a_change_of_it_cannot_be_read(tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    with stdio_server(environment(tmp_path)) as server:
        initialize(server, rootUri=tmp_path.as_uri())
        open_document(server, uri)
        change(server, uri, {"range": 7, "text": "x"})
        shown = receive(server, "window/showMessage")["params"]["message"]
        assert "close the document and open it again" in shown
        assert diagnostics(server, uri, 2) == []
        server.send("textDocument/didClose", {"textDocument": {"uri": uri}})
        open_document(server, uri)
        assert len(diagnostics(server, uri, 3)) == 1


def test_a_folder_with_an_impossible_name_does_not_stop_the_rest(tmp_path: Path) -> None:
    names = ("file://[", "file:///a%00b", tmp_path.as_uri())
    folders = [{"uri": uri, "name": "x"} for uri in names]
    uri = (tmp_path / "a.py").as_uri()
    with stdio_server(environment(tmp_path)) as server:
        initialize(server, workspaceFolders=folders)
        open_document(server, uri)
        assert len(diagnostics(server, uri, 2)) == 1


def test_a_client_that_only_names_a_root_path_has_a_folder(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        initialize(server, rootPath=str(tmp_path))
        execute(server, "lspAgent.ask", {"text": "hello"})
        shown = receive(server, "window/showMessage")["params"]["message"]
        assert "open a folder" not in shown


def test_markup_and_linked_codes_are_read_as_text(tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    start = {"line": 0, "character": 0}
    range_ = {"start": start, "end": start}
    message = {"kind": "markdown", "value": "**odd**"}
    code = {"value": "E1", "target": "https://example.com"}
    context = {"diagnostics": [{"range": range_, "message": message, "code": code}]}
    params = {"textDocument": {"uri": uri}, "range": range_, "context": context}
    with stdio_server(environment(tmp_path)) as server:
        initialize(server, rootUri=tmp_path.as_uri())
        open_document(server, uri)
        server.send("textDocument/codeAction", params, 2)
        action = server.answer(2)["result"][0]
        assert action["title"] == "Fix with agent: **odd**"
        assert action["diagnostics"][0]["code"] == "E1"
