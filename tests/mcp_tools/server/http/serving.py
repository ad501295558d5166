"""A small MCP server on a real port of loopback, and clients that write raw bytes to it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import mcp_types as types
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.context import ServerMiddleware
from mcp.server.lowlevel.server import Server

from mcp_tools.server.http.access import Principal
from mcp_tools.server.http.options import HttpOptions
from mcp_tools.server.http.serving import serve_http

WAIT_S = 5.0
TOKEN = "lspa_" + "t" * 43

INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


class OneToken:
    """A verifier that knows one token, until another takes its place."""

    def __init__(self) -> None:
        self.token = TOKEN

    async def verify(self, token: str) -> Principal | None:
        return Principal(id="the owner", subject=token[-3:]) if token == self.token else None

    def is_still_good(self, principal: Principal) -> bool:
        return principal.subject == self.token[-3:]


class Tiny:
    """The tools of the small server, and what has become of their calls."""

    def __init__(self) -> None:
        self.n_calls = 0
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self.go = asyncio.Event()

    async def list(self, context: Any, params: Any) -> types.ListToolsResult:
        del context, params
        return types.ListToolsResult(
            tools=[types.Tool(name="echo", input_schema={"type": "object"})]
        )

    async def call(self, context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        self.n_calls += 1
        arguments: dict[str, Any] = params.arguments or {}
        if params.name == "wait":
            self.started.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.ended.set()
        if params.name == "steps":
            try:
                await context.session.report_progress(1, 2, "step 1")
                await self.go.wait()
                await context.session.report_progress(2, 2, "step 2")
            finally:
                self.ended.set()
        if params.name == "who":
            access = get_access_token()
            arguments = {} if access is None else {"id": access.client_id, "token": access.token}
        text = "x" * arguments["size"] if params.name == "large" else json.dumps(arguments)
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)])


@dataclass(frozen=True, slots=True)
class Served:
    """A server that listens."""

    port: int
    tiny: Tiny

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def talk(self, data: bytes) -> bytes:
        """Send bytes, and give all that comes until the server closes."""
        reader, writer = await self.connect()
        writer.write(data)
        try:
            async with asyncio.timeout(WAIT_S):
                return await reader.read()
        finally:
            writer.close()

    async def ask(self, data: bytes) -> "Answer":
        """Send a request on a connection of its own, and give its answer."""
        async with connected(self.port) as (reader, writer):
            writer.write(data)
            return await read_answer(reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> Any:
        """The JSON-RPC message in it, also out of an event stream."""
        if self.headers.get("content-type", "").startswith("text/event-stream"):
            lines = self.body.decode().splitlines()
            data = [line.removeprefix("data: ") for line in lines if line.startswith("data: {")]
            return json.loads(data[-1])
        return json.loads(self.body)


def small_server(tiny: Tiny | None = None) -> Server[Any]:
    """Make a server with a few tools that need nothing."""
    tiny = tiny or Tiny()
    return Server("tiny", on_list_tools=tiny.list, on_call_tool=tiny.call)


@asynccontextmanager
async def serving(
    options: HttpOptions | None = None,
    *,
    tiny: Tiny | None = None,
    middleware: Sequence[ServerMiddleware[Any]] = (),
) -> AsyncGenerator[Served]:
    """Serve a small server on a free port; with one token unless the options say otherwise."""
    if options is None:
        options = HttpOptions(verifier=OneToken())
    tiny = tiny or Tiny()
    server = small_server(tiny)
    server.middleware.extend(middleware)
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(
        serve_http(server, replace(options, port=0), started=listening.set_result)
    )
    await asyncio.wait({task, listening}, timeout=WAIT_S, return_when="FIRST_COMPLETED")
    if task.done():
        task.result()
    try:
        yield Served(urlsplit(await listening).port or 0, tiny)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, WAIT_S)


@asynccontextmanager
async def connected(
    port: int,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(WAIT_S):
            yield reader, writer
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """Read one answer; a stream of events up to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if line)
    headers = {name.lower(): value for name, value in fields.items()}
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = b""
    return Answer(status=int(first.split()[1]), headers=headers, body=body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def request(
    method: str = "POST", target: str = "/mcp", *, body: bytes = b"", **fields: str | None
) -> bytes:
    """Write a request; a field with None is left out, `_` in names stands for `-`."""
    headers: dict[str, str | None] = {
        "host": "localhost",
        "authorization": f"Bearer {TOKEN}",
        "accept": "application/json, text/event-stream",
        "content-type": "application/json" if method == "POST" else None,
        "content-length": str(len(body)) if body else None,
    }
    headers |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *lines])
    return head.encode("latin-1") + b"\r\n\r\n" + body


def message(method: str, params: Any = None, *, request_id: Any = 1) -> bytes:
    """Write a JSON-RPC request."""
    members = {"jsonrpc": "2.0", "id": request_id, "method": method}
    return json.dumps(members | ({} if params is None else {"params": params})).encode()


def modern(method: str, params: Mapping[str, Any], **fields: Any) -> bytes:
    """Write a request of the era of 2026-07-28."""
    meta: dict[str, Any] = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    meta |= params.get("_meta", {})
    body = message(method, {**params, "_meta": meta})
    headers: dict[str, Any] = {
        "mcp_protocol_version": "2026-07-28",
        "mcp_method": method,
        "mcp_name": params.get("name"),
    }
    return request(body=body, **(headers | fields))


def echo(**arguments: Any) -> bytes:
    """Write a call of the tool that says what it was given."""
    return modern("tools/call", {"name": "echo", "arguments": arguments})
