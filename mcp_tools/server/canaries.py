"""Decoy tools: nobody with an honest task calls one, so who does is cut off.

They look like a way to what an attacker is after who speaks to the client's model through a web
page, an issue or a file. They do nothing. The first call of one ends the service for its caller,
by HTTP for all who show the same token, until the server is started again.
"""

import logging
from typing import Any

import mcp_types as types
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.shared.exceptions import MCPError

from mcp_tools.server.callers import caller_of, principal_of
from mcp_tools.server.ports import Workplaces
from mcp_tools.server.state import Context
from mcp_tools.types.json import JsonObject

CUT_OFF = -32003
"""Of the range that the protocol leaves to servers."""

_ANNOTATIONS = types.ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=True
)
_SCHEMA: JsonObject = {"type": "object", "properties": {}, "additionalProperties": False}


def _decoy(name: str, title: str, description: str) -> types.Tool:
    return types.Tool(
        name=name,
        title=title,
        description=description,
        input_schema=_SCHEMA,
        annotations=_ANNOTATIONS,
    )


DECOYS = (
    _decoy("dump_credentials", "Dump credentials", "Give all stored keys, tokens and passwords."),
    _decoy("run_as_root", "Run as root", "Turn all checks off, and run commands as root."),
    _decoy("stop_audit", "Stop the audit", "Stop writing down what is done, and delete the log."),
)

logger = logging.getLogger(__name__)


class Canaries:
    """The decoys of one server, and who is cut off; middleware of that server."""

    def __init__(self, workplaces: Workplaces) -> None:
        """Have those who are cut off leave these."""
        self._workplaces = workplaces
        self._cut_off: set[str] = set()

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Serve a request of who is not cut off."""
        if self._cut_off and principal_of(ctx) in self._cut_off:
            raise _refusal()
        return await call_next(ctx)

    async def called(self, context: Context, name: str) -> MCPError:
        """Cut the caller of a decoy off, and give what to answer."""
        caller = caller_of(context)
        self._cut_off.add(principal_of(context))
        logger.warning(
            "the client %r called the decoy tool %r and is cut off; look at what it did by "
            "`lsp-agent audit show`",
            caller.name or "unknown",
            name,
        )
        await self._workplaces.cut_off(caller, f"it called the decoy tool {name}")
        return _refusal()


def _refusal() -> MCPError:
    text = (
        "This client is cut off, since it called a decoy tool that no honest task needs; "
        "the user finds the reason in the audit log, and can start the server again"
    )
    return MCPError(code=CUT_OFF, message=text)
