"""Who calls, by each way in."""

from pathlib import Path

import pytest
from mcp import Client

from tests.mcp_tools.server.over_http import ANN, BOB, http_client, listening
from tests.mcp_tools.server.places import ERAS, LEGACY, MODERN, client_of, serve

pytestmark = pytest.mark.asyncio


async def use(client: Client) -> None:
    """Call something, so that the caller has a place."""
    await client.call_tool("echo", {"text": "x"})


@pytest.mark.parametrize("era", ERAS)
async def test_a_connection_is_one_caller(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with client_of(served.server, era) as client:
        await use(client)
        await use(client)
        assert len(served.places.callers) == 1


@pytest.mark.protocol("http-sessions")
async def test_each_session_of_http_is_a_caller_and_leaves_at_its_end(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with listening(served.server) as url:
        async with http_client(url, ANN, LEGACY) as first, http_client(url, ANN, LEGACY) as second:
            for client in (first, first, second):
                await use(client)
            callers = served.places.callers
            assert len(callers) == 2
        # Each client has ended its session when it left.
        assert served.places.callers == set()
        assert callers <= set(served.places.left)


async def test_without_sessions_who_has_authenticated_is_the_caller(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with (
        listening(served.server) as url,
        http_client(url, ANN, MODERN) as ann,
        http_client(url, ANN, MODERN) as ann_again,
        http_client(url, BOB, MODERN) as bob,
    ):
        for client in (ann, ann_again):
            await use(client)
        assert len(served.places.callers) == 1
        await use(bob)
        assert len(served.places.callers) == 2
    assert served.places.callers == set()


async def test_no_caller_id_tells_the_token(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with listening(served.server) as url, http_client(url, ANN, MODERN) as client:
        await use(client)
        assert not any(ANN in caller or ANN[-20:] in caller for caller in served.places.callers)


@pytest.mark.protocol("http-no-session")
async def test_a_session_header_means_nothing_where_there_are_no_sessions(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with listening(served.server) as url, http_client(url, ANN, LEGACY) as client:
        await use(client)
        (session,) = served.places.callers
        async with http_client(url, ANN, MODERN) as other:
            await use(other)
        assert len(served.places.callers) == 2
        assert session in served.places.callers
