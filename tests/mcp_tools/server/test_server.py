"""The server as a whole."""

import asyncio
from pathlib import Path

import mcp_types as types
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from mcp_tools.server.instructions import instructions_for
from tests.mcp_tools.server.places import ERAS, LEGACY, MODERN, client_of, serve

pytestmark = pytest.mark.asyncio


@pytest.mark.protocol("lifecycle-initialize", "discover", "capabilities")
@pytest.mark.parametrize("era", [LEGACY, "auto"])
async def test_the_server_says_who_it_is_and_what_it_can_do(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with client_of(served.server, era) as client:
        assert client.instructions == instructions_for({tool.name for tool in served.places.tools})
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version) == ("lsp-agent", "1")
        capabilities = client.server_capabilities
    assert capabilities.tools is not None
    assert capabilities.prompts is not None
    assert capabilities.completions is not None
    assert capabilities.resources is not None
    assert capabilities.resources.subscribe
    assert capabilities.logging is None


@pytest.mark.protocol("caching-hints")
@pytest.mark.parametrize(
    ("method", "ttl_ms", "scope"),
    [
        ("tools", 3_600_000, "private"),
        ("prompts", 3_600_000, "public"),
        ("resources", 0, "private"),
    ],
)
async def test_lists_say_how_long_they_hold(
    method: str, ttl_ms: int, scope: str, tmp_path: Path
) -> None:
    async with client_of(serve(tmp_path).server, MODERN) as client:
        listing = {
            "tools": client.list_tools,
            "prompts": client.list_prompts,
            "resources": client.list_resources,
        }[method]
        result: types.CacheableResult = await listing()
    assert (result.ttl_ms, result.cache_scope) == (ttl_ms, scope)


@pytest.mark.protocol("jsonrpc-method-not-found")
@pytest.mark.parametrize("era", ERAS)
async def test_an_unknown_method_is_not_found(era: str, tmp_path: Path) -> None:
    request = types.Request[types.RequestParams, str](
        method="no/such/method", params=types.RequestParams()
    )
    async with client_of(serve(tmp_path).server, era) as client:
        with pytest.raises(MCPError) as refused:
            await client.session.send_request(request, types.EmptyResult)  # type: ignore[arg-type]  # no method of the protocol
    assert refused.value.code == types.METHOD_NOT_FOUND


@pytest.mark.protocol("eras-side-by-side")
async def test_both_eras_list_the_same_tools(tmp_path: Path) -> None:
    server = serve(tmp_path).server
    async with client_of(server, LEGACY) as old, client_of(server, MODERN) as new:
        assert (await old.list_tools()).tools == (await new.list_tools()).tools


async def test_many_clients_come_and_go_and_nothing_of_them_stays(tmp_path: Path) -> None:
    served = serve(tmp_path)

    async def visit(number: int) -> str:
        async with Client(served.server, mode=ERAS[number % 2]) as client:
            result = await client.call_tool("echo", {"text": str(number)})
            block = result.content[0]
            assert isinstance(block, types.TextContent)
            return block.text

    before = asyncio.all_tasks()
    async with asyncio.timeout(20):
        texts = await asyncio.gather(*(visit(number) for number in range(40)))
    assert texts == [str(number) for number in range(40)]
    assert served.places.callers == set()
    assert len(set(served.places.left)) == 40
    assert asyncio.all_tasks() == before
