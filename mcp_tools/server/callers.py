"""Who calls, as far as the transport can vouch for it."""

import hashlib
from functools import lru_cache
from typing import Any, cast

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import principal_components
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.requests import Request

from mcp_tools.server.ports import Caller
from mcp_tools.server.state import Context

_LONGEST_NAME = 80


def caller_of(context: Context) -> Caller:
    """Give who sent a request.

    On one connection (stdio, or in memory) all requests have one caller. By HTTP it is the
    session in the handshake era, bound to who has authenticated; in the era of 2026-07-28, which
    has no sessions, who has authenticated.
    """
    request = http_request_of(context)
    if request is None:
        caller_id = context.lifespan_context.connection_id
    else:
        # Where there are no sessions, the header is nothing but a client's word.
        has_session = context.protocol_version not in MODERN_PROTOCOL_VERSIONS
        session_id = request.headers.get(MCP_SESSION_ID_HEADER) if has_session else None
        principal = _principal(request)
        caller_id = f"http-{principal}" if session_id is None else f"http-{principal}-{session_id}"
    return Caller(id=caller_id, name=_name(context))


def principal_of(context: Context) -> str:
    """Give what stands for all that is sent by who has authenticated, in whatever session."""
    request = http_request_of(context)
    if request is None:
        return context.lifespan_context.connection_id
    return f"http-{_principal(request)}"


def http_request_of(context: Context) -> "Request[Any] | None":
    """Give the HTTP request that a message came with; None if it came another way."""
    request: object = context.request
    return cast("Request[Any]", request) if isinstance(request, Request) else None


def _principal(request: "Request[Any]") -> str:
    """Give what stands for who has authenticated, without saying who it is."""
    user: object = request.scope.get("user")
    if not isinstance(user, AuthenticatedUser):
        return "anyone"
    return _digest(repr(principal_components(user.access_token)))


@lru_cache(maxsize=1024)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _name(context: Context) -> str:
    client = context.session.client_params
    return "" if client is None else client.client_info.name[:_LONGEST_NAME]
