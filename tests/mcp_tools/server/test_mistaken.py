"""Requests without an id."""

import json

import pytest
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from mcp_tools.server.mistaken import drop_mistaken
from tests.mcp_tools.server.http.serving import INITIALIZE, Tiny, message, request, serving


@pytest.mark.protocol("jsonrpc-notifications")
@pytest.mark.asyncio
async def test_a_call_without_an_id_does_nothing_and_leaves_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tiny = Tiny()
    boundary = RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience="tiny")
    async with serving(tiny=tiny, middleware=(drop_mistaken, boundary)) as served:
        opened = await served.ask(request(body=message("initialize", INITIALIZE)))
        fields = {"mcp_session_id": opened.headers["mcp-session-id"]}
        initialized = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        await served.ask(request(body=json.dumps(initialized).encode(), **fields))
        call = json.loads(message("tools/call", {"name": "echo", "requestState": "forged"}))
        del call["id"]
        answer = await served.ask(request(body=json.dumps(call).encode(), **fields))
        after = await served.ask(request(body=message("tools/list"), **fields))

    assert (answer.status, after.status, tiny.n_calls) == (202, 200, 0)
    assert "Traceback" not in caplog.text
