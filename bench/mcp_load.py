"""Clients for a load: raw HTTP on kept connections.

They cost little beside the servers that they measure.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MODERN, HANDSHAKE = "2026-07-28", "2025-11-25"
_INFO = {"name": "bench", "version": "1"}
_CONNECT_S = 60.0


class LoadFailed(Exception):
    """A server answered a call with something else than its result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A server, and what it is asked."""

    url: str
    token: str
    era: str
    tool: str
    arguments: Mapping[str, Any]


@dataclass(slots=True)
class Client:
    """One connection, over which one call follows the other."""

    target: Target
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    session: str = ""
    n_sent: int = 0
    times_s: list[float] = field(default_factory=list[float])

    async def prepare(self) -> None:
        """Do what comes before calls: nothing, in the era without a handshake."""
        if self.target.era == MODERN:
            return
        params = {"protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": _INFO}
        headers, _ = await self._ask("initialize", params)
        self.session = headers.get("mcp-session-id", "")
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"}, "")
        await self._answer()

    async def call(self) -> None:
        """Call the tool once, and note how long that took."""
        params = {"name": self.target.tool, "arguments": self.target.arguments}
        started = time.perf_counter()
        _, body = await self._ask("tools/call", params)
        self.times_s.append(time.perf_counter() - started)
        if b'"result"' not in body or b'"isError":true' in body:
            raise LoadFailed(body.decode("utf-8", "replace")[:500])

    async def _ask(self, method: str, params: dict[str, Any]) -> tuple[Mapping[str, str], bytes]:
        self.n_sent += 1
        if self.target.era == MODERN:
            meta = {
                "io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientInfo": _INFO,
                "io.modelcontextprotocol/clientCapabilities": {},
            }
            params = {**params, "_meta": meta}
        message = {"jsonrpc": "2.0", "id": self.n_sent, "method": method, "params": params}
        self._send(message, method)
        return await self._answer()

    async def leave(self) -> None:
        """End the session, if there is one, and the connection."""
        if self.session:
            self._write("DELETE", b"", {})
            await self._answer()
        self.writer.close()

    def _send(self, message: dict[str, Any], method: str) -> None:
        headers = {"Content-Type": "application/json"}
        if self.target.era == MODERN:
            headers |= {"Mcp-Method": method, "Mcp-Name": self.target.tool}
        self._write("POST", json.dumps(message).encode(), headers)

    def _write(self, verb: str, body: bytes, headers: Mapping[str, str]) -> None:
        fields = {
            "Host": urlsplit(self.target.url).netloc,
            "Accept": "application/json, text/event-stream",
            "Content-Length": str(len(body)),
            "MCP-Protocol-Version": self.target.era,
            **headers,
        }
        if self.target.token:
            fields["Authorization"] = f"Bearer {self.target.token}"
        if self.session:
            fields["Mcp-Session-Id"] = self.session
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.writer.write(f"{verb} /mcp HTTP/1.1\r\n{lines}\r\n".encode() + body)

    async def _answer(self) -> tuple[Mapping[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = (line.partition(": ") for line in head[1:] if line)
        headers = {name.lower(): value for name, _, value in fields}
        if "content-length" in headers:
            body = await self.reader.readexactly(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            body = await self._chunks()
        else:
            body = b""
        if head[0].split()[1] not in {"200", "202", "204"}:
            raise LoadFailed(f"{head[0]}: {body.decode('utf-8', 'replace')[:500]}")
        return headers, body

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of some calls."""

    times_s: Sequence[float]
    seconds: float

    @property
    def calls_per_s(self) -> float:
        """How many calls were answered in a second."""
        return len(self.times_s) / self.seconds


async def put_load(target: Target, *, n_clients: int, n_calls: int) -> Load:
    """Let clients call side by side until they have made `n_calls` together."""
    address = urlsplit(target.url)
    clients: list[Client] = []
    try:
        async with asyncio.timeout(_CONNECT_S):
            for _ in range(n_clients):
                streams = await asyncio.open_connection(address.hostname, address.port)
                clients.append(Client(target, *streams))
                await clients[-1].prepare()
        left = n_calls

        async def work(client: Client) -> None:
            nonlocal left
            while left > 0:
                left -= 1
                await client.call()

        started = time.perf_counter()
        await asyncio.gather(*map(work, clients))
        seconds = time.perf_counter() - started
        for client in clients:
            await client.leave()
    finally:
        for client in clients:
            client.writer.close()
    times_s = [time_s for client in clients for time_s in client.times_s]
    return Load(times_s=times_s, seconds=seconds)
