"""A real listener on loopback that answers each request with what it was told to."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    """One request."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """What to answer, and what has come."""

    status: str = "200 OK"
    headers: str = ""
    body: bytes = b""
    is_garbage: bool = False
    port: int = 0
    requests: list[Received] = field(default_factory=list[Received])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/check"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and close."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        line, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v for k, v in (each.split(": ", 1) for each in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append(Received(line, headers, body))
        answer = b"\x00garbage\r\n\r\n"
        if not self.is_garbage:
            length = (
                "" if self.status.startswith("204") else f"Content-Length: {len(self.body)}\r\n"
            )
            answer = (
                f"HTTP/1.1 {self.status}\r\n{self.headers}{length}Connection: close\r\n\r\n"
            ).encode("ascii") + self.body
        writer.write(answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(listener: Listener) -> AsyncGenerator[Listener]:
    """Listen on a free port of loopback."""
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    async with server:
        listener.port = server.sockets[0].getsockname()[1]
        yield listener
