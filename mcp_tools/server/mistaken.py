"""Requests that have lost their id, and so came as notifications.

Nobody waits for an answer to them, so nothing is done about them either: the SDK would run the
checks of a request, and write a traceback to the log for each that fails.
"""

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

_NOTIFICATIONS = "notifications/"


async def drop_mistaken(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Pass on requests, and what is a notification by its name too."""
    if ctx.request_id is None and not ctx.method.startswith(_NOTIFICATIONS):
        return None
    return await call_next(ctx)
