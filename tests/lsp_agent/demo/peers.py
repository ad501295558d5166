"""Two ends of one connection, in this process."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected() -> AsyncGenerator[tuple[Ends, Ends]]:
    """Give both ends; they are closed at the end."""
    ours, theirs = socket.socketpair()
    here = await asyncio.open_connection(sock=ours)
    there = await asyncio.open_connection(sock=theirs)
    try:
        yield here, there
    finally:
        for _, writer in (here, there):
            writer.close()
            await writer.wait_closed()
