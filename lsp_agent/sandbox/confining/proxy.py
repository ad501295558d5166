"""A proxy for commands inside the walls: it calls the hosts of a list, and nobody else.

It runs outside, and listens at a port inside that is handed to it. The name that is checked is the
name that is looked up; each address of it must be one of the public internet, and one of those very
addresses is called. Only the usual ports of web servers are called. What passes after that is not
looked at: over one allowed connection a command can say whatever it wants to whom it reaches.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from lsp_agent.sandbox.confining.hosts import AllowedHosts, BadHost, host_of
from mcp_tools.web.addresses import Address, is_public

MAX_HEAD_BYTES = 32 * 1024
PORTS = (80, 443)

_HEAD_TIMEOUT_S = 20.0
_DIAL_TIMEOUT_S = 20.0
_MAX_DIALLED = 4
_CHUNK_BYTES = 64 * 1024
_MAX_ASKED_CHARS = 200
_CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_HOP_HEADERS = (b"proxy-", b"connection:", b"keep-alive:", b"host:")

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]


class Refused(Exception):
    """A request is not carried out; the text says why."""


async def resolved(host: str, port: int) -> tuple[str, ...]:
    """Give the addresses of a host as the system has them, each once. Raises: OSError."""
    loop = asyncio.get_running_loop()
    entries = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How names become connections; tests have their own."""

    resolve: Resolve = resolved
    is_allowed: Callable[[Address], bool] = is_public
    ports: tuple[int, ...] = PORTS


@dataclass(frozen=True, slots=True)
class _Request:
    """Where a request goes, and what is sent there before all that follows."""

    host: str
    port: int
    opening: bytes
    """Empty for a tunnel."""


class Proxy:
    """Answers at a port until it is closed."""

    def __init__(self, hosts: AllowedHosts, reach: Reach | None = None) -> None:
        """Call these hosts only."""
        self._hosts = hosts
        self._reach = reach or Reach()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, listener: socket.socket) -> None:
        """Answer at a port, which is ours to close; returns at once."""
        listener.settimeout(0)
        self._keep(self._accept(listener))

    async def close(self) -> None:
        """End all connections."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _keep(self, work: "Awaitable[None]") -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with listener, suppress(OSError):
            while True:
                client, _ = await loop.sock_accept(listener)
                self._keep(self._serve(client))

    async def _serve(self, client: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=client, limit=MAX_HEAD_BYTES)
        try:
            await self._answer(reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # One of the two has gone, or says nothing that we understand.
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAD_TIMEOUT_S):
            head = await reader.readuntil(b"\r\n\r\n")
        try:
            request = _request_of(head)
            there = await self._dialled(request)
        except Refused as error:
            writer.write(_refusal(str(error)))
            await writer.drain()
            return
        far_reader, far_writer = there
        try:
            if request.opening:
                far_writer.write(request.opening)
            else:
                writer.write(_CONNECTED)
            async with asyncio.TaskGroup() as group:
                group.create_task(_carry(reader, far_writer))
                group.create_task(_carry(far_reader, writer))
        except* OSError:
            pass
        finally:
            far_writer.close()

    async def _dialled(
        self, request: _Request
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = request.host, request.port
        if not self._hosts.allows(host):
            raise Refused(f"{host} is not one of allowed_hosts in the settings of lsp-agent")
        if port not in self._reach.ports:
            raise Refused(f"port {port} of {host} is not called")
        async with asyncio.timeout(_DIAL_TIMEOUT_S):
            try:
                addresses = await self._reach.resolve(host, port)
            except (OSError, UnicodeError) as error:
                raise Refused(f"{host} was not found") from error
            if not all(self._reach.is_allowed(ip_address(text)) for text in addresses):
                raise Refused(f"{host} has an address that is not on the public internet")
            for address in addresses[:_MAX_DIALLED]:
                with suppress(OSError):
                    return await asyncio.open_connection(address, port)
        raise Refused(f"{host} cannot be reached")


def _request_of(head: bytes) -> _Request:
    """Take the head of a request apart. Raises: Refused."""
    line, *headers = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    try:
        method, target, version = line.decode("ascii").split(" ")
        if method == "CONNECT":
            name, _, port = target.rpartition(":")
            return _Request(host_of(name), _port_of(port), b"")
        parts = urlsplit(target)
        if parts.scheme != "http" or "@" in parts.netloc or not version.startswith("HTTP/1."):
            raise Refused("expected a request to a proxy, for an address with http://")
        host, port_number = host_of(parts.hostname or ""), parts.port or PORTS[0]
    except BadHost as error:
        raise Refused(str(error)) from error
    except ValueError as error:
        asked = line[:_MAX_ASKED_CHARS]
        raise Refused(f"expected a request to a proxy, got {asked!r}") from error
    path = target.split("/", 3)[3] if target.count("/") > 2 else ""
    kept = [header for header in headers if not header.lower().startswith(_HOP_HEADERS)]
    opening = [f"{method} /{path} HTTP/1.1".encode(), f"Host: {host}:{port_number}".encode()]
    return _Request(
        host, port_number, b"\r\n".join((*opening, *kept, b"Connection: close", b"", b""))
    )


def _port_of(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"expected a port, got {text!r}")
    return int(text)


def _refusal(reason: str) -> bytes:
    body = f"{reason}\n".encode("ascii", "backslashreplace")
    head = f"HTTP/1.1 403 Refused\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK_BYTES):
        writer.write(data)
        await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.write_eof()
