"""Streamable HTTP as the specification has it, on the bytes of the whole server."""

from pathlib import Path
from typing import Any

import pytest

from tests.mcp_tools.server.http.serving import message
from tests.protocol.wire import events_of, http_wire

pytestmark = pytest.mark.asyncio

ECHO = {"name": "echo", "arguments": {"text": "x"}}
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022
INVALID_PARAMS, METHOD_NOT_FOUND = -32602, -32601


@pytest.mark.protocol("http-headers-match")
@pytest.mark.parametrize(
    "fields",
    [
        {"mcp_protocol_version": "2025-11-25"},
        {"mcp_protocol_version": None},
        {"mcp_method": "tools/list"},
        {"mcp_method": "TOOLS/CALL"},
        {"mcp_method": None},
        {"mcp_name": "wait"},
        {"mcp_name": None},
        {"mcp_name": "=?base64?d2FpdA==?="},
        {"mcp_name": "=?base64?!?="},
    ],
)
async def test_headers_that_disagree_with_the_body_are_refused(
    fields: dict[str, str | None], tmp_path: Path
) -> None:
    async with http_wire(tmp_path) as wire:
        answer = await wire.modern("tools/call", ECHO, **fields)
    assert answer.status == 400
    assert answer.message["error"]["code"] == HEADER_MISMATCH


@pytest.mark.protocol("http-headers-match", "http-header-encoding")
@pytest.mark.parametrize("name", ["echo", "=?base64?ZWNobw==?="])
async def test_headers_that_agree_are_served_however_they_are_written(
    name: str, tmp_path: Path
) -> None:
    async with http_wire(tmp_path) as wire:
        fields = {"mcp_method": None, "MCP_METHOD": "tools/call", "mcp_name": name}
        answer = await wire.modern("tools/call", ECHO, **fields)
    assert answer.status == 200
    assert answer.message["result"]["structuredContent"] == {"text": "x"}


@pytest.mark.protocol("version-unsupported")
async def test_a_version_that_nobody_knows_is_refused_with_those_we_know(tmp_path: Path) -> None:
    async with http_wire(tmp_path) as wire:
        meta = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2099-01-01"}}
        answer = await wire.modern("tools/list", meta, mcp_protocol_version="2099-01-01")
    error = answer.message["error"]
    assert (answer.status, error["code"]) == (400, UNSUPPORTED_VERSION)
    assert "2026-07-28" in error["data"]["supported"]
    assert error["data"]["requested"] == "2099-01-01"


@pytest.mark.protocol("request-metadata")
async def test_a_request_without_the_metadata_of_its_era_is_refused(tmp_path: Path) -> None:
    body = message(
        "tools/list", {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}
    )
    async with http_wire(tmp_path) as wire:
        answer = await wire.plain(body, mcp_protocol_version="2026-07-28", mcp_method="tools/list")
    assert (answer.status, answer.message["error"]["code"]) == (400, INVALID_PARAMS)


@pytest.mark.protocol("http-method-not-found", "removed-methods")
@pytest.mark.parametrize(
    "method",
    ["no/such", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"],
)
async def test_a_method_that_the_era_has_not_is_not_found(method: str, tmp_path: Path) -> None:
    async with http_wire(tmp_path) as wire:
        answer = await wire.modern(method, {"uri": "file:///a", "level": "info"})
    assert (answer.status, answer.message["error"]["code"]) == (404, METHOD_NOT_FOUND)
    assert answer.message["id"] == 1


@pytest.mark.protocol("result-type", "server-info-in-results", "http-no-session")
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("server/discover", {}),
        ("tools/list", {}),
        ("prompts/list", {}),
        ("resources/list", {}),
        ("tools/call", ECHO),
    ],
)
async def test_every_result_says_its_type_and_who_gave_it(
    method: str, params: dict[str, Any], tmp_path: Path
) -> None:
    async with http_wire(tmp_path) as wire:
        answer = await wire.modern(method, params, mcp_session_id="made-up")
    result = answer.message["result"]
    assert result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "lsp-agent"
    assert "mcp-session-id" not in answer.headers


@pytest.mark.protocol("http-stream", "progress-only-when-asked", "no-requests-to-the-client")
@pytest.mark.parametrize("token", ["p1", None])
async def test_a_stream_has_notices_of_its_request_and_then_the_answer(
    token: str | None, tmp_path: Path
) -> None:
    async with http_wire(tmp_path) as wire:
        meta = {} if token is None else {"progressToken": token}
        answer = await wire.modern("tools/call", {"name": "steps", "_meta": meta})
    assert answer.status == 200
    if token is None:
        assert "result" in answer.message
        assert b"notifications/progress" not in answer.body
        return
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    *notices, last = events_of(answer)
    assert notices
    assert all(notice["method"] == "notifications/progress" for notice in notices)
    assert all(notice["params"]["progressToken"] == token for notice in notices)
    assert all("id" not in notice for notice in notices)
    assert last["id"] == 1


@pytest.mark.protocol("http-accept")
@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/event-stream"])
async def test_a_client_that_cannot_read_both_kinds_of_answer_is_refused(
    accept: str, tmp_path: Path
) -> None:
    async with http_wire(tmp_path) as wire:
        old = await wire.plain(message("tools/list"), accept=accept)
    assert old.status == 406


@pytest.mark.protocol("http-sessions", "http-notification-accepted", "lifecycle-initialize")
async def test_a_session_is_opened_used_and_ended(tmp_path: Path) -> None:
    async with http_wire(tmp_path) as wire:
        session = await wire.open()
        assert session.isascii()
        assert session.isprintable()
        note = b'{"jsonrpc": "2.0", "method": "notifications/initialized"}'
        noted = await wire.plain(note, mcp_session_id=session)
        assert (noted.status, noted.body) == (202, b"")
        listed = await wire.plain(message("tools/list"), mcp_session_id=session)
        assert listed.message["result"]["tools"]
        ended = await wire.plain(b"", verb="DELETE", mcp_session_id=session)
        assert ended.status in (200, 204)
        after = await wire.plain(message("tools/list"), mcp_session_id=session)
        assert after.status == 404


@pytest.mark.protocol("http-sessions")
async def test_a_session_that_is_missing_or_unknown_is_told_apart(tmp_path: Path) -> None:
    async with http_wire(tmp_path) as wire:
        unknown = await wire.plain(message("tools/list"), mcp_session_id="0" * 32)
        missing = await wire.plain(b"", verb="GET", accept="text/event-stream")
        wrong = await wire.plain(b"", verb="DELETE")
    assert (unknown.status, missing.status) == (404, 400)
    assert wrong.status in (400, 404, 405)


@pytest.mark.protocol("http-version-header")
async def test_a_session_speaks_the_version_that_was_agreed_on(tmp_path: Path) -> None:
    async with http_wire(tmp_path) as wire:
        session = await wire.open()
        wrong = await wire.plain(
            message("tools/list"), mcp_session_id=session, mcp_protocol_version="1999-01-01"
        )
        right = await wire.plain(
            message("tools/list"), mcp_session_id=session, mcp_protocol_version="2025-11-25"
        )
    assert (wrong.status, right.status) == (400, 200)


@pytest.mark.protocol("jsonrpc-batch", "http-body")
async def test_a_batch_is_refused(tmp_path: Path) -> None:
    async with http_wire(tmp_path) as wire:
        session = await wire.open()
        batch = b"[" + message("ping") + b"," + message("ping", request_id=2) + b"]"
        refused = await wire.plain(batch, mcp_session_id=session)
    assert refused.status == 400
    assert refused.message["error"]["code"] in (-32600, -32700)


@pytest.mark.protocol("elicitation-modern", "state-asked-again", "result-type")
async def test_a_question_is_a_result_and_the_next_request_brings_the_answer(
    tmp_path: Path,
) -> None:
    can_ask: dict[str, Any] = {
        "_meta": {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}}
    }
    params: dict[str, Any] = {"name": "ask", "arguments": {"text": "a"}, **can_ask}
    async with http_wire(tmp_path) as wire:
        for answer in ("Ann", "yes"):
            result = (await wire.modern("tools/call", params)).message["result"]
            assert result["resultType"] == "input_required"
            ((key, asked),) = result["inputRequests"].items()
            assert asked["method"] == "elicitation/create"
            response = {"action": "accept", "content": {"answer": answer}}
            params |= {
                "requestState": result["requestState"],
                "inputResponses": {key: response, "unknown": {"action": "cancel"}},
            }
        last = (await wire.modern("tools/call", params)).message["result"]
    assert last["resultType"] == "complete"
    assert last["structuredContent"] == {"text": "Ann: yes"}
