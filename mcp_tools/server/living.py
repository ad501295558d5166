"""What lives as long as a client's connection or session, and not only for one request."""

from mcp.server.connection import Connection

from mcp_tools.server.state import Context


def connection_of(context: Context) -> Connection:
    """Give the connection, or the session of HTTP, that a request belongs to."""
    # The SDK makes the session object anew for each request, and gives this one no public name.
    return context.session._connection  # pyright: ignore[reportPrivateUsage]  # of mcp 2.3
