"""The SDK's server, with what it leaves to others: what can change, and an end in order."""

from collections.abc import Callable
from typing import Any

from mcp.server.lowlevel.server import NotificationOptions, Server
from mcp.server.models import InitializationOptions

from mcp_tools.server.state import ServerState


class CodeServer(Server[ServerState]):
    """Serves any number of connections, also side by side."""

    end_streams: Callable[[], None]
    """Tells all who wait for changes that the server ends, and no more will come."""

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Give what a handshake says; transports do not know that the list of resources changes."""
        options = notification_options or NotificationOptions(resources_changed=True)
        return super().create_initialization_options(options, experimental_capabilities, extensions)
