"""Servers on loopback that say exactly what a test wants, and fetchers that may reach them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import TypeAlias

from mcp_tools.types.web import FetchRequest
from mcp_tools.web.addresses import Address
from mcp_tools.web.fetcher import WebFetcher
from mcp_tools.web.reach import Reach

Talk: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class LocalSite:
    """A server, and what it was asked."""

    port: int
    asked: list[str] = field(default_factory=list[str])
    """The head of each request."""
    pages: dict[str, bytes | Talk] = field(default_factory=dict[str, "bytes | Talk"])
    """Whole answers by path, or what talks itself."""

    @property
    def url(self) -> str:
        """The address of the site, by a name that resolves to loopback here."""
        return f"http://site.test:{self.port}"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Give a whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("utf-8") + body


def redirect(location: str) -> bytes:
    """Give an answer that leads elsewhere."""
    return answer(b"", f"Location: {location}", status="302 Found")


@asynccontextmanager
async def local_site(tls: SSLContext | None = None) -> AsyncGenerator[LocalSite]:
    """Serve pages on loopback."""
    site = LocalSite(port=0)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            site.asked.append(head)
            page = site.pages.get(head.split(" ")[1], answer(b"", status="404 Not Found"))
            if isinstance(page, bytes):
                writer.write(page)
                await writer.drain()
            else:
                await page(writer)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    site = LocalSite(port=server.sockets[0].getsockname()[1])
    try:
        yield site
    finally:
        server.close()


def any_address(address: Address) -> bool:
    """Allow every address."""
    del address
    return True


def any_port(port: int) -> bool:
    """Allow every port."""
    del port
    return True


async def to_loopback(host: str, port: int) -> tuple[str, ...]:
    """Resolve each name to this machine."""
    del host, port
    return ("127.0.0.1",)


LOCAL = Reach(is_allowed=any_address, is_allowed_port=any_port, resolve=to_loopback)
"""Every name is this machine, and may be called."""

LOCAL_FETCHER = WebFetcher(LOCAL)


def asking(url: str, *, max_bytes: int = 100_000, timeout_s: float = 5.0) -> FetchRequest:
    """Give a request with small bounds."""
    return FetchRequest(url=url, max_bytes=max_bytes, timeout_s=timeout_s)
