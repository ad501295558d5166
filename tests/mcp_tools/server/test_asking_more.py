"""Questions by HTTP, where each request may come on a connection of its own."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import mcp_types as types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from tests.mcp_tools.server.over_http import ANN, BOB, listening
from tests.mcp_tools.server.places import ERAS, MODERN, serve
from tests.mcp_tools.server.test_asking import Person, first_round, is_refused, next_round
from tests.mcp_tools.server.test_stdio import INITIALIZE, call, request
from tests.mcp_tools.server.test_tools import text_of

pytestmark = pytest.mark.asyncio


async def connect(stack: AsyncExitStack, url: str, token: str, person: Person, era: str) -> Client:
    """Connect a client with a person behind it."""
    headers = {"Authorization": f"Bearer {token}"}
    http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers))
    transport = streamable_http_client(url, http_client=http)
    client = Client(transport, mode=era, elicitation_callback=person)
    return await stack.enter_async_context(client)


@pytest.mark.protocol("elicitation-handshake", "elicitation-modern")
@pytest.mark.parametrize("era", ERAS)
async def test_a_call_asks_several_times_and_runs_once(era: str, tmp_path: Path) -> None:
    served, person = serve(tmp_path), Person("Ann", "yes")
    async with listening(served.server) as url, AsyncExitStack() as stack:
        client = await connect(stack, url, ANN, person, era)
        result = await client.call_tool("ask", {"text": "run"})
    assert text_of(result) == "Ann: yes"
    assert served.stage.started == ["run"]


@pytest.mark.parametrize("era", ERAS)
async def test_progress_and_questions_mix(era: str, tmp_path: Path) -> None:
    served, got = serve(tmp_path), list[float]()

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        del total, message
        got.append(progress)

    async with listening(served.server) as url, AsyncExitStack() as stack:
        client = await connect(stack, url, ANN, Person("Ann", "yes"), era)
        await client.call_tool("steps", {}, progress_callback=on_progress)
        await client.call_tool("ask", {}, progress_callback=on_progress)
    assert got == sorted(set(got))
    assert got[-1] == 100


@pytest.mark.parametrize("broken", [{"result": "yes"}, {"error": "no"}])
async def test_a_broken_answer_by_http_is_no_answer(
    broken: dict[str, object], tmp_path: Path
) -> None:
    headers = {
        "Authorization": f"Bearer {ANN}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    hello: dict[str, object] = {**INITIALIZE, "capabilities": {"elicitation": {}}}
    async with (
        listening(serve(tmp_path).server) as url,
        httpx2.AsyncClient(headers=headers) as http,
    ):
        opened = await http.post(url, json=request("initialize", hello))
        http.headers["Mcp-Session-Id"] = opened.headers["Mcp-Session-Id"]
        await http.post(url, json={"jsonrpc": "2.0", "method": "notifications/initialized"})
        async with http.stream("POST", url, json=call("ask", 2)) as stream:
            messages = (
                json.loads(line.removeprefix("data:"))
                async for line in stream.aiter_lines()
                if line.startswith("data:") and line != "data: "
            )
            asked = await anext(messages)
            assert asked["method"] == "elicitation/create"
            await http.post(url, json={"jsonrpc": "2.0", "id": asked["id"], **broken})
            answer = await anext(messages)
    assert answer["result"]["content"][0]["text"] == "no name was given"


@pytest.mark.protocol("state-sealed")
async def test_a_state_belongs_to_who_has_authenticated(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with listening(served.server) as url, AsyncExitStack() as stack:
        ann = await connect(stack, url, ANN, Person(), MODERN)
        bob = await connect(stack, url, BOB, Person(), MODERN)
        state, key = await first_round(ann)
        with pytest.raises(MCPError) as refused:
            await next_round(bob, state, key)
        assert is_refused(refused.value)
        # Another connection of the same person is as good as the first.
        ann_again = await connect(stack, url, ANN, Person(), MODERN)
        assert isinstance(await next_round(ann_again, state, key), types.InputRequiredResult)
    assert served.stage.started == ["a"]
    assert served.stage.ended == ["cancelled"]


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_goes_ends_its_call(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with listening(served.server) as url, AsyncExitStack() as stack:
        client = await connect(stack, url, ANN, Person(), era)
        call = asyncio.create_task(client.call_tool("wait", {}))
        await served.stage.is_going.wait()
        call.cancel()
        await served.stage.has_ended.wait()
    assert served.stage.ended == ["cancelled"]
