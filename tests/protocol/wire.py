"""The whole server on a port of loopback, spoken to in bytes."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.mcp_tools.server.http.serving import (
    INITIALIZE,
    Answer,
    connected,
    message,
    modern,
    read_answer,
    request,
)
from tests.mcp_tools.server.over_http import ANN, listening
from tests.mcp_tools.server.places import Set, serve

OWNER = {"authorization": f"Bearer {ANN}"}


@dataclass(frozen=True, slots=True)
class HttpWire:
    """A client that writes what it likes."""

    port: int
    served: Set

    async def ask(self, data: bytes) -> Answer:
        """Send a request on a connection of its own, and give its answer."""
        async with connected(self.port) as (reader, writer):
            writer.write(data)
            return await read_answer(reader)

    async def modern(self, method: str, params: dict[str, Any] | None = None, **f: Any) -> Answer:
        """Send a request of 2026-07-28; fields replace headers, one with None is left out."""
        return await self.ask(modern(method, params or {}, **(OWNER | f)))

    async def plain(self, body: bytes, verb: str = "POST", **fields: Any) -> Answer:
        """Send a body as it is."""
        return await self.ask(request(verb, body=body, **(OWNER | fields)))

    async def open(self) -> str:
        """Open a session of the handshake era; gives its id."""
        answer = await self.plain(message("initialize", INITIALIZE))
        assert answer.status == 200
        return answer.headers["mcp-session-id"]


@asynccontextmanager
async def http_wire(tmp_path: Path) -> AsyncGenerator[HttpWire]:
    """Serve the roots of a test over HTTP."""
    served = serve(tmp_path)
    async with listening(served.server) as url:
        yield HttpWire(urlsplit(url).port or 0, served)


def events_of(answer: Answer) -> list[Any]:
    """Give the messages of an event stream, in order."""
    lines = answer.body.decode().splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
