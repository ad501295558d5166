"""JSON-RPC and the two eras as the specification has them, line by line on pipes."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.mcp_tools.server.test_stdio import META, call, modern, on_pipes, request

pytestmark = pytest.mark.asyncio

ERAS = ("handshake", "modern")
TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def _note(method: str, **params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


@pytest.mark.protocol("discover", "version-per-request")
async def test_discovery_tells_versions_capabilities_and_instructions(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.send(modern(request("server/discover")))
        result = (await wire.receive())["result"]
    assert "2026-07-28" in result["supportedVersions"]
    assert {"tools", "resources", "prompts", "completions"} <= set(result["capabilities"])
    assert result["instructions"]


@pytest.mark.protocol("lifecycle-initialize")
async def test_a_handshake_tells_version_capabilities_and_name(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        hello = {"name": "t", "version": "1"}
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": hello}
        await wire.send(request("initialize", params))
        result = (await wire.receive())["result"]
    assert result["protocolVersion"] == "2025-11-25"
    assert result["serverInfo"]["name"] == "lsp-agent"
    assert result["capabilities"]["resources"]["subscribe"] is True
    assert "resultType" not in result


@pytest.mark.protocol("ping")
async def test_a_ping_is_answered_with_nothing(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(request("ping", request_id=3))
        assert (await wire.receive())["result"] == {}


@pytest.mark.protocol("jsonrpc-ids")
@pytest.mark.parametrize("request_id", [0, -1, 2**53 - 1, "", "a", "1", "ä\n"])
async def test_an_answer_has_the_id_of_its_request(request_id: object, tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(request("ping", request_id=request_id))
        assert (await wire.receive())["id"] == request_id


@pytest.mark.protocol("jsonrpc-ids")
@pytest.mark.parametrize("request_id", [None, True, 1.5, [], {}])
async def test_what_is_no_id_is_refused(request_id: object, tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(request("ping", request_id=request_id))
        answer = await wire.receive()
        assert (answer["id"], answer["error"]["code"]) == (None, -32600)


@pytest.mark.protocol("jsonrpc-notifications", "cancellation-unknown")
async def test_no_notification_is_answered_whatever_it_says(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(
            _note("notifications/no_such"),
            _note("notifications/cancelled", requestId=99),
            _note("notifications/cancelled"),
            _note("notifications/progress", progressToken="x", progress=1),
            request("ping", request_id="after"),
        )
        assert (await wire.receive())["id"] == "after"


@pytest.mark.protocol("no-requests-to-the-client", "elicitation-capability")
@pytest.mark.parametrize("capabilities", [{}, {"elicitation": {}}])
async def test_a_modern_client_is_never_sent_a_request(
    capabilities: dict[str, object], tmp_path: Path
) -> None:
    meta = {**META, "io.modelcontextprotocol/clientCapabilities": capabilities}
    params = {"name": "ask", "arguments": {"text": "a"}, "_meta": meta}
    async with on_pipes(tmp_path) as wire:
        await wire.send(request("tools/call", params))
        answer = await wire.receive()
    assert "method" not in answer
    expected = "input_required" if capabilities else "complete"
    assert answer["result"]["resultType"] == expected


@pytest.mark.protocol("version-per-request")
async def test_each_modern_request_stands_for_itself(tmp_path: Path) -> None:
    """What one request may do, the next one that does not say so may not."""
    async with on_pipes(tmp_path) as wire:
        able: dict[str, Any] = {
            **META,
            "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
        }
        ask: dict[str, Any] = {"name": "ask", "arguments": {}}
        await wire.send(request("tools/call", {**ask, "_meta": able}))
        assert (await wire.receive())["result"]["resultType"] == "input_required"
        await wire.send(request("tools/call", {**ask, "_meta": META}, request_id=2))
        assert (await wire.receive())["result"]["resultType"] == "complete"


@pytest.mark.protocol("tools-definitions", "tools-output-schema")
@pytest.mark.parametrize("era", ERAS)
async def test_tools_have_good_names_and_schemas_and_answer_by_them(
    era: str, tmp_path: Path
) -> None:
    async with on_pipes(tmp_path) as wire:
        if era == "handshake":
            await wire.shake_hands()
        wrap: Any = modern if era == "modern" else dict
        await wire.send(wrap(request("tools/list")))
        tools = {tool["name"]: tool for tool in (await wire.receive())["result"]["tools"]}
        await wire.send(wrap(call("find_symbol", 2, query="price")))
        content = (await wire.receive())["result"]["structuredContent"]
    for name, tool in tools.items():
        assert TOOL_NAME.fullmatch(name)
        assert tool["inputSchema"]["type"] == "object"
        Draft202012Validator.check_schema(tool["inputSchema"])
        Draft202012Validator.check_schema(tool["outputSchema"])
        assert {"title", "readOnlyHint", "openWorldHint"} <= set(tool["annotations"])
    validator: Any = Draft202012Validator(tools["find_symbol"]["outputSchema"])
    assert validator.is_valid(content)


@pytest.mark.protocol("subscriptions-listen")
async def test_a_stream_of_notices_is_acknowledged_first_and_named_by_its_request(
    tmp_path: Path,
) -> None:
    async with on_pipes(tmp_path) as wire:
        uri = (wire.served.root / "notes.txt").as_uri()
        wanted = {"resourceSubscriptions": [uri], "toolsListChanged": True}
        await wire.send(modern(request("subscriptions/listen", {"notifications": wanted})))
        first = await wire.receive()
        assert first["method"] == "notifications/subscriptions/acknowledged"
        assert first["params"]["notifications"]["resourceSubscriptions"] == [uri]
        assert first["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == 1
        await wire.send(_note("notifications/cancelled", requestId=1))
        await wire.send(modern(request("tools/list", request_id=2)))
        assert (await wire.receive())["id"] == 2


@pytest.mark.protocol("stdio-framing")
async def test_a_message_is_one_line_whatever_is_in_it(tmp_path: Path) -> None:
    text = "a\nb\r\nc\u2028d\x00e"
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(call("echo", text=text))
        assert (await wire.receive())["result"]["structuredContent"] == {"text": text}
