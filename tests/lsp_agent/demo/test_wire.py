"""Messages over a wire: whole, matched to requests, never waited for in vain."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from lsp_agent.demo.wire import Handler, Message, UnknownMethod, Wire, WireError
from tests.lsp_agent.demo.peers import connected

LIMIT_S = 5


def _answer(method: str, params: Message) -> object:
    if method == "unknown":
        raise UnknownMethod("not known here")
    return {"method": method, "params": params}


@asynccontextmanager
async def _talking(handle: Handler) -> AsyncGenerator[tuple[Wire, Wire, asyncio.StreamWriter]]:
    """Give a client's wire, a server's, and the server's raw stream."""
    async with connected() as (here, there), asyncio.timeout(LIMIT_S):
        client, server = Wire(*here, _answer), Wire(*there, handle)
        tasks = [asyncio.create_task(wire.serve()) for wire in (client, server)]
        try:
            yield client, server, there[1]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.asyncio
async def test_requests_get_their_own_answers_both_ways() -> None:
    async with _talking(_answer) as (client, server, _):
        answers = await asyncio.gather(
            *(client.request(f"m{n}", {"text": "ü🙂" * n}) for n in range(20)),
            *(server.request(f"s{n}", {}) for n in range(20)),
        )
    methods = [answer["result"]["method"] for answer in answers]
    assert methods == [f"m{n}" for n in range(20)] + [f"s{n}" for n in range(20)]
    assert answers[3]["result"]["params"] == {"text": "ü🙂ü🙂ü🙂"}


@pytest.mark.asyncio
async def test_a_notification_is_heard_and_not_answered() -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def hear(method: str, params: Message) -> object:
        heard.put_nowait(method)
        return None

    async with _talking(hear) as (client, _, _):
        client.notify("told", {})
        assert (await client.request("asked", {}))["result"] is None
    assert [heard.get_nowait(), heard.get_nowait()] == ["told", "asked"]


@pytest.mark.asyncio
async def test_an_unknown_request_is_an_error_and_the_wire_goes_on() -> None:
    async with _talking(_answer) as (client, _, _):
        with pytest.raises(WireError, match="unknown: not known here"):
            await client.request("unknown", {})
        assert (await client.request("known", {}))["result"]["method"] == "known"


@pytest.mark.asyncio
async def test_a_server_that_goes_away_fails_what_is_asked() -> None:
    async with connected() as (here, there), asyncio.timeout(LIMIT_S):
        client = Wire(*here, _answer)
        serving = asyncio.create_task(client.serve())
        asked = asyncio.create_task(client.request("m", {}))
        await there[0].readline()
        there[1].close()
        with pytest.raises(WireError, match="gone without an answer"):
            await asked
        await serving


@pytest.mark.asyncio
@pytest.mark.parametrize("data", [b"Content-Length: 2\r\n\r\n{x", b"Content-Length: 9\r\n\r\n{}"])
async def test_what_cannot_be_read_is_an_error(data: bytes) -> None:
    async with connected() as (here, there), asyncio.timeout(LIMIT_S):
        there[1].write(data)
        there[1].close()
        with pytest.raises(WireError, match="expected a message of"):
            await Wire(*here, _answer).serve()
