"""A server on a real port of loopback, and clients of the SDK that have tokens for it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from mcp_tools.server.code_server import CodeServer
from mcp_tools.server.http.access import Principal
from mcp_tools.server.http.options import HttpOptions
from mcp_tools.server.http.serving import serve_http
from tests.mcp_tools.server.places import TIMEOUT_S

ANN, BOB = "lspa_" + "a" * 43, "lspa_" + "b" * 43


class TwoTokens:
    """Knows Ann and Bob by their tokens."""

    async def verify(self, token: str) -> Principal | None:
        """Give who has the token."""
        return Principal(id=token) if token in (ANN, BOB) else None

    def is_still_good(self, principal: Principal) -> bool:
        """Nobody is turned out."""
        return principal.id in (ANN, BOB)


@asynccontextmanager
async def listening(
    server: CodeServer, stopping: asyncio.Event | None = None
) -> AsyncGenerator[str]:
    """Serve on a free port, until `stopping` is set or this ends; gives the address."""
    started: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    options = HttpOptions(verifier=TwoTokens(), port=0)
    task = asyncio.create_task(
        serve_http(server, options, started=started.set_result, ending=server.end_streams)
    )
    stop = asyncio.create_task(_stop(task, stopping or asyncio.Event()))
    try:
        async with asyncio.timeout(TIMEOUT_S):
            yield await started
    finally:
        stop.cancel()
        task.cancel()
        await asyncio.wait({task}, timeout=TIMEOUT_S)


async def _stop(task: asyncio.Task[None], stopping: asyncio.Event) -> None:
    await stopping.wait()
    task.cancel()


@asynccontextmanager
async def http_client(url: str, token: str, era: str) -> AsyncGenerator[Client]:
    """Connect to an address with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(url, http_client=http), mode=era) as client,
    ):
        yield client
