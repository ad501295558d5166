"""Server-sent events as bytes."""

import json
from typing import TypeAlias

from lsp_agent.testkit.json_values import JsonObject

Event: TypeAlias = JsonObject
"""One server-sent event; its `type` is also the event's name."""


def encode(event: Event) -> bytes:
    """Give the bytes of one event, in which its name stands twice as clients want."""
    # Only ASCII: a lone surrogate in a script or a request has no other bytes.
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode("ascii")
