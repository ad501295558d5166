"""Lets a caller leave when it is gone, so that nothing of it stays.

A connection ends, and so does a session of HTTP in the handshake era. Since 2026-07-28 a client of
HTTP never says good-bye: it is gone when it has asked for nothing for a while.
"""

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from mcp_tools.server.callers import caller_of, http_request_of
from mcp_tools.server.living import connection_of
from mcp_tools.server.ports import Workplaces

_HAS_FAREWELL = "lsp-agent/farewell"


class Farewells:
    """Sees each request, so that its caller leaves when it is gone; middleware of a server."""

    def __init__(self, workplaces: Workplaces) -> None:
        """Let callers leave these."""
        self._workplaces = workplaces

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Serve one request of a caller who is here."""
        if http_request_of(ctx) is None:
            # The connection's one caller leaves at the end of the server's lifespan.
            return await call_next(ctx)
        if ctx.protocol_version in MODERN_PROTOCOL_VERSIONS:
            with ctx.lifespan_context.presence.of(caller_of(ctx)):
                return await call_next(ctx)
        if ctx.method != "initialize":
            self._bid_farewell(ctx)
        return await call_next(ctx)

    def _bid_farewell(self, ctx: ServerRequestContext[Any, Any]) -> None:
        connection = connection_of(ctx)
        if _HAS_FAREWELL not in connection.state:
            connection.state[_HAS_FAREWELL] = True
            caller = caller_of(ctx)
            connection.exit_stack.callback(ctx.lifespan_context.client_roots.pop, caller.id, None)
            connection.exit_stack.push_async_callback(self._workplaces.leave, caller)
