"""The real server process on its pipes."""

import os
from pathlib import Path

from tests.support.stdio import StdioServer, stdio_server

WAIT_S = 20


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LSP_AGENT_MODEL": "offline"}


def end_orderly(server: StdioServer) -> int:
    server.send("shutdown", None, 99)
    assert server.answer(99)["result"] is None
    server.send("exit", None)
    return server.process.wait(WAIT_S)


def test_initialize_names_every_capability(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        result = server.initialize()
        capabilities = result["capabilities"]
        assert result["serverInfo"]["name"] == "lsp-agent"
        assert capabilities["codeActionProvider"]["resolveProvider"] is True
        assert set(capabilities["executeCommandProvider"]["commands"]) == {
            "lspAgent.accept",
            "lspAgent.approve",
            "lspAgent.ask",
            "lspAgent.cancel",
            "lspAgent.explain",
            "lspAgent.explainHunk",
            "lspAgent.fix",
            "lspAgent.fixAll",
            "lspAgent.preview",
            "lspAgent.redo",
            "lspAgent.reject",
            "lspAgent.review",
            "lspAgent.reviewFile",
            "lspAgent.revokeTrust",
            "lspAgent.trust",
            "lspAgent.undo",
        }
        assert capabilities["codeLensProvider"] == {"resolveProvider": True}
        assert "textDocumentContent" not in capabilities["workspace"]
        assert capabilities["diagnosticProvider"]["identifier"] == "lsp-agent"
        assert end_orderly(server) == 0


def test_documents_that_are_no_files_are_offered_to_a_client_that_asks_for_them(
    tmp_path: Path,
) -> None:
    capabilities = {"workspace": {"textDocumentContent": {"dynamicRegistration": True}}}
    with stdio_server(environment(tmp_path)) as server:
        server.send("initialize", {"processId": None, "capabilities": capabilities}, 1)
        workspace = server.answer(1)["result"]["capabilities"]["workspace"]
        assert workspace["textDocumentContent"] == {"schemes": ["lsp-agent-review"]}
        server.send("initialized", {})
        uri = {"uri": "lsp-agent-review:/nope/review.diff"}
        server.send("workspace/textDocumentContent", uri, 2)
        assert "Nothing of this proposal" in server.answer(2)["result"]["text"]
        assert end_orderly(server) == 0


def test_exit_without_shutdown_is_an_error(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        server.initialize()
        server.send("exit", None)
        assert server.process.wait(WAIT_S) == 1


def test_an_editor_that_dies_takes_the_server_with_it(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        server.initialize()
        server.end_of_input()
        assert server.process.wait(WAIT_S) == 1


def test_unreadable_messages_do_not_end_the_server(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        server.initialize()
        server.send_bytes(b"{ this is not JSON")
        server.send_bytes(b'{"jsonrpc": "2.0", "id": 7, "method": "no/suchMethod"}')
        assert server.answer(7)["error"]["code"] == -32601
        server.send("workspace/executeCommand", {"command": "lspAgent.fix", "arguments": [7]}, 8)
        assert server.answer(8)["error"]["code"] == -32602
        server.send("workspace/executeCommand", {"command": "rm"}, 9)
        assert server.answer(9)["error"]["code"] == -32602
        assert end_orderly(server) == 0


def test_a_fault_is_answered_without_a_traceback(tmp_path: Path) -> None:
    with stdio_server(environment(tmp_path)) as server:
        server.initialize()
        server.send("textDocument/codeAction", {"textDocument": 3}, 5)
        error = server.answer(5)["error"]
        assert "Traceback" not in str(error)
        assert str(Path(__file__).parents[3]) not in str(error)
        assert end_orderly(server) == 0
