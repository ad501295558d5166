"""Sessions that clients leave behind."""

import pytest

from mcp_tools.server.http.options import HttpLimits, HttpOptions
from tests.mcp_tools.server.http.serving import (
    INITIALIZE,
    OneToken,
    Served,
    connected,
    message,
    request,
    serving,
)

pytestmark = pytest.mark.asyncio

OPTIONS = HttpOptions(verifier=OneToken(), limits=HttpLimits(sessions_each=2))


async def _open(served: Served) -> str:
    opened = await served.ask(request(body=message("initialize", INITIALIZE)))
    return opened.headers["mcp-session-id"]


async def _status(served: Served, session: str) -> int:
    ping = message("ping", request_id=2)
    return (await served.ask(request(body=ping, mcp_session_id=session))).status


async def test_who_opens_too_many_loses_the_one_that_is_unused_for_longest() -> None:
    async with serving(OPTIONS) as served:
        first, second = await _open(served), await _open(served)
        assert await _status(served, first) == 200
        third = await _open(served)

        statuses = [await _status(served, session) for session in (first, second, third)]

    assert statuses == [200, 404, 200]


async def test_a_session_in_use_is_kept() -> None:
    async with serving(OPTIONS) as served:
        first = await _open(served)
        async with connected(served.port) as (_, writer):
            wait = message("tools/call", {"name": "wait"})
            writer.write(request(body=wait, mcp_session_id=first))
            await served.tiny.started.wait()
            later = [await _open(served) for _ in range(3)]
            statuses = [await _status(served, session) for session in (first, *later)]

    assert statuses == [200, 404, 404, 200]


async def test_an_answer_that_opens_nothing_counts_for_nothing() -> None:
    async with serving(OPTIONS) as served:
        sessions = [await _open(served) for _ in range(2)]
        for _ in range(3):
            await served.ask(request(body=message("tools/list")))
        statuses = [await _status(served, session) for session in sessions]

    assert statuses == [200, 200]
