"""The proxy: it calls whom it may, by the name that was checked, and says no to the rest."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

import pytest

from lsp_agent.sandbox.confining.hosts import allowed_hosts
from lsp_agent.sandbox.confining.proxy import Proxy, Reach
from mcp_tools.web.addresses import is_public

pytestmark = pytest.mark.asyncio

_LIMIT_S = 5


class Server:
    """A server on loopback that keeps what it was told, and answers one thing."""

    def __init__(self) -> None:
        """Have been told nothing."""
        self.told = b""
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take what comes, and answer."""
        self.told += await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def proxied(*addresses: str, loopback: bool = True) -> AsyncGenerator[tuple[Server, int]]:
    """Give a server, and the port of a proxy that finds it by the name good.example."""
    server = Server()
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]

    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return addresses or ("127.0.0.1",)

    local = ip_address("127.0.0.1")
    reach = Reach(
        resolve=resolve,
        is_allowed=lambda address: (loopback and address == local) or is_public(address),
        ports=(server.port, 80, 443),
    )
    proxy = Proxy(allowed_hosts(("good.example", "*.good.example")), reach)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    proxy.start(listener)
    async with listening:
        try:
            yield server, port
        finally:
            await proxy.close()


async def ask(port: int, *requests: bytes) -> bytes:
    """Send one after the other, waiting for an answer in between; give the last answer."""
    answer = b""
    async with asyncio.timeout(_LIMIT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in requests:
            writer.write(request)
            answer = await reader.read(4096)
        writer.close()
    return answer


async def test_a_tunnel_leads_to_an_allowed_host() -> None:
    async with proxied() as (server, port):
        connect = f"CONNECT good.example:{server.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        assert (await ask(port, connect)).startswith(b"HTTP/1.1 200")
        assert (await ask(port, connect, b"hello")).endswith(b"hi")
        assert server.told == b"hello"


async def test_a_plain_request_is_passed_on_with_the_checked_name() -> None:
    async with proxied() as (server, port):
        url = f"http://WWW.good.example:{server.port}/a?b"
        head = f"GET {url} HTTP/1.1\r\nHost: evil.example\r\nProxy-Authorization: s\r\nX: y\r\n\r\n"
        assert (await ask(port, head.encode())).endswith(b"hi")
        lines = server.told.split(b"\r\n")
    assert lines[:2] == [b"GET /a?b HTTP/1.1", f"Host: www.good.example:{server.port}".encode()]
    assert set(lines[2:]) == {b"X: y", b"Connection: close", b""}


@pytest.mark.parametrize(
    ("request_line", "reason"),
    [
        ("CONNECT evil.example:443 HTTP/1.1", "evil.example is not one of allowed_hosts"),
        ("CONNECT good.example.evil.com:443 HTTP/1.1", "not one of allowed_hosts"),
        ("CONNECT evil.com\0.good.example:443 HTTP/1.1", "expected the name of a host"),
        ("CONNECT good.example:22 HTTP/1.1", "port 22 of good.example is not called"),
        ("CONNECT 127.0.0.1:443 HTTP/1.1", "expected a host with a domain"),
        ("CONNECT [::1]:443 HTTP/1.1", "expected the name of a host"),
        ("CONNECT good.example HTTP/1.1", "expected"),
        ("CONNECT good.example:+443 HTTP/1.1", "expected a request to a proxy"),
        ("GET http://evil.example/ HTTP/1.1", "evil.example is not one of allowed_hosts"),
        ("GET http://good.example@evil.example/ HTTP/1.1", "expected a request to a proxy"),
        ("GET https://good.example/ HTTP/1.1", "expected a request to a proxy"),
        ("GET ftp://good.example/ HTTP/1.1", "expected a request to a proxy"),
        ("GET /etc/passwd HTTP/1.1", "expected a request to a proxy"),
        ("GET http://good.example/ HTTP/9", "expected a request to a proxy"),
        ("nonsense", "expected a request to a proxy"),
    ],
)
async def test_all_else_is_refused(request_line: str, reason: str) -> None:
    async with proxied() as (server, port):
        answer = await ask(port, f"{request_line}\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 403")
        assert reason in answer.decode()
        assert not server.told


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "169.254.169.254", "127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1"]
)
async def test_a_name_with_one_private_address_is_not_called(address: str) -> None:
    async with proxied("93.184.215.14", address, loopback=False) as (server, port):
        connect = f"CONNECT good.example:{server.port} HTTP/1.1\r\n\r\n".encode()
        assert b"not on the public internet" in await ask(port, connect)
        assert not server.told


async def test_a_head_without_an_end_is_not_kept() -> None:
    async with proxied() as (_, port):
        with suppress(ConnectionResetError):  # it did not read all of it
            assert await ask(port, b"x" * 200_000) == b""
