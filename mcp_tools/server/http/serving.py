"""Listening: the socket, the connections on it, and an end that nothing outlives."""

import asyncio
import ssl
from collections.abc import Callable
from functools import partial

from mcp.server.lowlevel.server import Server
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState as HttpState

from mcp_tools.server.http.app import HttpApp, make_app
from mcp_tools.server.http.connections import Connections
from mcp_tools.server.http.guard import CONNECTION
from mcp_tools.server.http.options import MCP_PATH, HttpOptions, TlsFiles
from mcp_tools.server.http.watched import WatchedConnection
from mcp_tools.server.state import ServerState
from mcp_tools.types.errors import Denied

_BACKLOG = 128
"""Connections that wait to be taken; each turn of the event loop takes at most so many."""


def _nobody_waits(url: str) -> None:
    del url


def _nothing_ends() -> None:
    pass


async def serve_http(
    server: Server[ServerState],
    options: HttpOptions,
    *,
    started: Callable[[str], None] = _nobody_waits,
    ending: Callable[[], None] = _nothing_ends,
) -> None:
    """Serve until this is cancelled; then end all calls, sessions and connections.

    `started` is told the URL once clients can connect; `ending` is called when no more can, and
    ends what would go on for ever.
    Raises: Denied if the options are not safe to serve with, or the port is taken.
    """
    app = make_app(server, options)
    listener = _Listener(app, options)
    await listener.bind()
    async with app.running():
        try:
            await listener.listen(started)
        finally:
            ending()
            await listener.end()


class _Listener:
    def __init__(self, app: HttpApp, options: HttpOptions) -> None:
        limits = options.limits
        self._options = options
        self._server: asyncio.Server | None = None
        self._connections = Connections(limits)
        self._state = HttpState()
        self._config = Config(
            app,
            http=H11Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="error",  # what bad clients send is no news
            access_log=False,
            proxy_headers=False,
            server_header=False,
            reset_contextvars=True,  # or a request would begin with who sent the one before it
            date_header=False,
            timeout_keep_alive=limits.idle_s,  # pyright: ignore[reportArgumentType]  # any number
            h11_max_incomplete_event_size=limits.head_bytes,
        )
        self._config.load()

    async def bind(self) -> None:
        """Take the port; nothing is served yet."""
        tls = _context_of(self._options.tls)
        make = partial(
            WatchedConnection, self._speaker, self._connections, self._options.limits, tls
        )
        host, port = self._options.host, self._options.port
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                make, host, port, backlog=_BACKLOG, start_serving=False
            )
        except OSError as error:
            raise Denied(f"Cannot listen on {host}:{port}: {error.strerror}") from error

    async def listen(self, started: Callable[[str], None]) -> None:
        """Serve until this is cancelled."""
        server = self._server
        if server is None:
            raise RuntimeError("a port is bound first")
        try:
            await server.start_serving()
            started(_url(self._options, server.sockets[0].getsockname()[1]))
            await asyncio.Event().wait()
        finally:
            server.close()

    def _speaker(self, connection: WatchedConnection) -> H11Protocol:
        return H11Protocol(self._config, self._state, {CONNECTION: connection})

    async def end(self) -> None:
        """Let quick answers arrive, and end the others as if their clients had left."""
        for speaker in list(self._state.connections):
            speaker.shutdown()
        await self._wait_for_answers()
        for guest in self._connections.everyone():
            guest.abort()
        await self._wait_for_answers()
        tasks = set(self._state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait_for_answers(self) -> None:
        if tasks := set(self._state.tasks):
            await asyncio.wait(tasks, timeout=self._options.limits.close_s)


def _context_of(files: TlsFiles | None) -> ssl.SSLContext | None:
    if files is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(files.certificate, files.key)
    except (OSError, ssl.SSLError) as error:
        raise Denied(f"The certificate or its key cannot be used: {error}") from error
    return context


def _url(options: HttpOptions, port: int) -> str:
    scheme = "http" if options.tls is None else "https"
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{scheme}://{host}:{port}{MCP_PATH}"
