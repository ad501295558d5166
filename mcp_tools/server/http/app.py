"""The MCP server as an ASGI app behind its guard: both eras of the protocol at one path."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from mcp_tools.server.http.guard import Guard
from mcp_tools.server.http.options import HttpOptions, checked
from mcp_tools.server.state import ServerState


class HttpApp:
    """An ASGI app that serves HTTP requests while it is `running`."""

    def __init__(self, server: Server[ServerState], options: HttpOptions) -> None:
        """Take a server that nothing else runs, and options that are `checked`."""
        limits = options.limits
        # The guard looks at Host, Origin and lengths before the SDK would.
        self._sessions = StreamableHTTPSessionManager(
            server,
            session_idle_timeout=limits.session_idle_s,
            max_request_body_size=limits.body_bytes,
            max_sessions=limits.sessions,
        )
        clock = asyncio.get_running_loop().time
        # Handlers learn from a context variable who calls; the middleware sets it.
        app = AuthContextMiddleware(self._sessions.handle_request)
        self._guard = Guard(app, options, clock)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Answer requests, once; sessions and running calls end with it."""
        async with self._sessions.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            raise RuntimeError(f"only HTTP requests are served, not {scope['type']!r}")
        await self._guard(scope, receive, send)


def make_app(server: Server[ServerState], options: HttpOptions) -> HttpApp:
    """Give the app of a server; called on the event loop that will run it.

    Raises: Denied if the options are not safe to serve with.
    """
    return HttpApp(server, checked(options))
