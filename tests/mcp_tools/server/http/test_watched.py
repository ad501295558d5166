"""Connections that do too little, too slowly, or too much at once."""

import asyncio
import socket
from contextlib import suppress
from time import perf_counter
from typing import Any

import pytest

from mcp_tools.server.http.options import HttpLimits, HttpOptions
from tests.mcp_tools.server.http.serving import (
    INITIALIZE,
    WAIT_S,
    OneToken,
    Served,
    connected,
    echo,
    message,
    modern,
    read_answer,
    request,
    serving,
)

pytestmark = pytest.mark.asyncio


def _limited(limits: HttpLimits) -> HttpOptions:
    return HttpOptions(verifier=OneToken(), limits=limits)


async def test_headers_that_come_too_slowly_end_the_connection() -> None:
    async with (
        serving(_limited(HttpLimits(head_s=0.1))) as served,
        connected(served.port) as (reader, writer),
    ):
        writer.write(b"POST /mcp HTTP/1.1\r\nhost: local")
        answer = await read_answer(reader)

        assert answer.status == 408
        assert await reader.read() == b""


async def test_more_bytes_of_a_slow_head_do_not_gain_time() -> None:
    async with (
        serving(_limited(HttpLimits(head_s=0.2))) as served,
        connected(served.port) as (reader, writer),
    ):
        answer = asyncio.create_task(read_answer(reader))
        for byte in request("GET", x="1" * 1000):
            writer.write(bytes([byte]))
            await asyncio.wait({answer}, timeout=0.01)
            if answer.done():
                break

        assert (await answer).status == 408


async def test_a_connection_that_says_nothing_is_closed() -> None:
    async with serving(_limited(HttpLimits(head_s=0.1))) as served:
        assert await served.talk(b"") == b""


async def test_a_connection_between_requests_is_kept_for_a_while() -> None:
    async with (
        serving(_limited(HttpLimits(head_s=0.05, idle_s=0.3))) as served,
        connected(served.port) as (reader, writer),
    ):
        writer.write(echo())
        await read_answer(reader)
        begin = perf_counter()
        assert await reader.read() == b""

    assert perf_counter() - begin >= 0.2


async def test_a_head_that_never_ends_is_refused_early() -> None:
    async with serving() as served:
        answer = await served.ask(b"GET /mcp HTTP/1.1\r\nhost: localhost\r\nx: " + b"x" * 200_000)

    assert answer.status == 400


async def test_a_client_that_does_not_read_is_left() -> None:
    call = modern("tools/call", {"name": "large", "arguments": {"size": 20_000_000}})
    async with serving(_limited(HttpLimits(stall_s=0.2))) as served:
        lazy = socket.socket()
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.settimeout(0)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(WAIT_S):
            await loop.sock_connect(lazy, ("127.0.0.1", served.port))
            await loop.sock_sendall(lazy, call)
            while served.tiny.n_calls == 0:
                await served.ask(modern("tools/list", {}))
            with pytest.raises(ConnectionError):
                await _knock(lazy)
        lazy.close()


async def _knock(connection: socket.socket) -> None:
    """Write now and then, and read nothing, until the other side is gone."""
    while True:
        await asyncio.get_running_loop().sock_sendall(connection, b"x")
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.Event().wait()


async def test_requests_one_after_the_other_without_waiting_are_answered_in_order() -> None:
    async with serving() as served, connected(served.port) as (reader, writer):
        writer.write(b"".join(echo(n=n) for n in range(20)))
        answers = [await read_answer(reader) for _ in range(20)]

    texts = [answer.message["result"]["content"][0]["text"] for answer in answers]
    assert texts == [f'{{"n": {n}}}' for n in range(20)]


@pytest.mark.protocol("cancellation-by-closing")
async def test_a_client_that_leaves_ends_its_call() -> None:
    async with serving() as served:
        async with connected(served.port) as (_, writer):
            writer.write(modern("tools/call", {"name": "wait"}))
            await served.tiny.started.wait()
        async with asyncio.timeout(WAIT_S):
            await served.tiny.ended.wait()


async def test_a_server_that_stops_ends_calls_and_streams_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    call = {"name": "wait"}
    async with serving(_limited(HttpLimits(close_s=0.1))) as served:
        opened = await served.ask(request(body=message("initialize", INITIALIZE)))
        session: dict[str, Any] = {"mcp_session_id": opened.headers["mcp-session-id"]}
        opening = (
            request("GET", **session),
            request(body=message("tools/call", call), **session),
            modern("tools/call", call),
        )
        streams = [await served.connect() for _ in opening]
        for data, (_, writer) in zip(opening, streams, strict=True):
            served.tiny.started.clear()
            writer.write(data)
            if data != opening[0]:
                await served.tiny.started.wait()
    async with asyncio.timeout(WAIT_S):
        await served.tiny.ended.wait()
        for reader, writer in streams:
            await reader.read()
            writer.close()

    assert "Traceback" not in caplog.text


async def _latency_s(served: Served) -> float:
    """Give the median time of a call, on a connection that is kept."""
    times: list[float] = []
    async with connected(served.port) as (reader, writer):
        for _ in range(40):
            begin = perf_counter()
            writer.write(echo())
            assert (await read_answer(reader)).status == 200
            times.append(perf_counter() - begin)
    return sorted(times)[len(times) // 2]


async def test_a_thousand_idle_connections_keep_nobody_waiting() -> None:
    async with serving() as served, connected(served.port) as (reader, writer):
        writer.write(echo())
        await read_answer(reader)
        quiet_s = await _latency_s(served)
        writers: list[asyncio.StreamWriter] = []
        try:
            for _ in range(1000):
                _, idle = await served.connect()
                writers.append(idle)
            crowded_s = await _latency_s(served)
            writer.write(echo())
            assert (await read_answer(reader)).status == 200  # it has kept its place
        finally:
            for idle in writers:
                idle.close()

    assert crowded_s < 5 * quiet_s + 0.005


async def test_a_place_is_taken_from_who_waits_and_else_refused() -> None:
    limits = HttpLimits(connections=2, unproven_connections=2)
    wait = modern("tools/call", {"name": "wait"})
    async with (
        serving(_limited(limits)) as served,
        connected(served.port) as (_, first),
        connected(served.port) as (reader, second),
    ):
        first.write(wait)
        await served.tiny.started.wait()
        second.write(echo())
        assert (await read_answer(reader)).status == 200
        async with connected(served.port) as (_, third):
            assert await reader.read() == b""  # the second has made room
            served.tiny.started.clear()
            third.write(wait)
            await served.tiny.started.wait()
            refused = await served.ask(b"")

    assert refused.status == 503
