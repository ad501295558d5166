"""What a server remembers while it serves: one connection of stdio, or all clients of HTTP."""

import secrets
from pathlib import Path
from typing import Any, TypeAlias

import mcp_types as types
from mcp.server.context import ServerRequestContext

from mcp_tools.server.presence import Presence
from mcp_tools.server.slots import CallSlots
from mcp_tools.server.suspending import SuspendedCalls


class ServerState:
    """Nothing of this outlives the server's lifespan."""

    def __init__(self, presence: Presence) -> None:
        """Start with no calls and no callers."""
        self.presence = presence
        self.connection_id = f"connection-{secrets.token_hex(8)}"
        """The one caller there is, unless callers come by HTTP."""
        self.suspended: SuspendedCalls[types.CallToolResult] = SuspendedCalls()
        self.slots = CallSlots()
        self.client_roots: dict[str, tuple[Path, ...]] = {}
        """The folders that a client of the handshake era named, by caller; asked for once."""


Context: TypeAlias = ServerRequestContext[ServerState, Any]
"""What a handler is given beside the parameters."""
