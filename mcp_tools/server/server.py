"""The server as a whole: which handler answers which method, in both eras of the protocol."""

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import anyio
import mcp_types as types
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.lowlevel.server import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from mcp_tools.server.asking import is_modern
from mcp_tools.server.callers import caller_of
from mcp_tools.server.canaries import Canaries
from mcp_tools.server.code_server import CodeServer
from mcp_tools.server.completions import Completions
from mcp_tools.server.failing import answer_failures
from mcp_tools.server.farewells import Farewells
from mcp_tools.server.instructions import instructions_for
from mcp_tools.server.mistaken import drop_mistaken
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.ports import Caller, Workplaces
from mcp_tools.server.presence import Presence
from mcp_tools.server.prompts import Prompts
from mcp_tools.server.resources import Resources
from mcp_tools.server.state import Context, ServerState
from mcp_tools.server.subscriptions import Subscriptions
from mcp_tools.server.suspending import HELD_S
from mcp_tools.server.tools import Tools

_HOUR_MS = 3_600_000

CACHE_HINTS: dict[CacheableMethod, CacheHint] = {
    # What changes with the program only; the names of the roots are among the tools.
    "server/discover": CacheHint(ttl_ms=_HOUR_MS, scope="private"),
    "tools/list": CacheHint(ttl_ms=_HOUR_MS, scope="private"),
    "prompts/list": CacheHint(ttl_ms=_HOUR_MS, scope="public"),
    "resources/templates/list": CacheHint(ttl_ms=_HOUR_MS, scope="public"),
    # What is in the workspace may change at any moment.
    "resources/list": CacheHint(ttl_ms=0, scope="private"),
    "resources/read": CacheHint(ttl_ms=0, scope="private"),
}


def make_server(workplaces: Workplaces, options: ServerOptions) -> CodeServer:
    """Make a server over some roots, for any number of connections, also side by side.

    `workplaces` stays the property of whoever made it: close it after the last connection.
    """
    canaries = Canaries(workplaces)
    tools, prompts = Tools(workplaces, options, canaries), Prompts(workplaces)
    resources, subscriptions = Resources(workplaces), Subscriptions(workplaces)
    server = CodeServer(
        options.name,
        version=options.version,
        instructions=instructions_for(tools.names, tools.root_names),
        cache_hints=CACHE_HINTS,
        lifespan=_lifespan(workplaces),
        # No tool mirrors arguments in headers, so there is nothing to look up for each call.
        get_tool_input_schema=_no_header_schema,
        on_list_tools=tools.list,
        on_call_tool=tools.call,
        on_list_prompts=prompts.list,
        on_get_prompt=prompts.get,
        on_completion=Completions(workplaces).complete,
        on_list_resources=_list_of(resources, subscriptions),
        on_list_resource_templates=resources.templates,
        on_read_resource=resources.read,
        on_subscribe_resource=subscriptions.subscribe,
        on_unsubscribe_resource=subscriptions.unsubscribe,
        on_subscriptions_listen=subscriptions.listen,
    )
    server.end_streams = subscriptions.close
    key = secrets.token_bytes(32)
    security = RequestStateSecurity(keys=[key], ttl=HELD_S, bind_principal=_caller_id)
    server.middleware.append(drop_mistaken)
    server.middleware.append(RequestStateBoundary(security, default_audience=options.name))
    server.middleware.append(answer_failures)
    server.middleware.append(Farewells(workplaces))
    server.middleware.append(canaries)
    server.add_notification_handler(
        "notifications/roots/list_changed", types.NotificationParams, _roots_changed
    )
    return server


def _lifespan(
    workplaces: Workplaces,
) -> Callable[[Server[ServerState]], AbstractAsyncContextManager[ServerState]]:
    @asynccontextmanager
    async def lifespan(server: Server[ServerState]) -> AsyncGenerator[ServerState]:
        """Let go, at the end, of all calls and of the caller of a single connection."""
        del server
        state = ServerState(Presence(workplaces.leave))
        try:
            yield state
        finally:
            with anyio.CancelScope(shield=True):
                await state.suspended.close()
                await state.presence.close()
                await workplaces.leave(Caller(id=state.connection_id))

    return lifespan


def _list_of(
    resources: Resources, subscriptions: Subscriptions
) -> Callable[[Context, types.PaginatedRequestParams | None], Awaitable[types.ListResourcesResult]]:
    async def list_resources(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        if not is_modern(context):
            # Who has seen the list is told when it changes.
            await subscriptions.follow_list(context)
        return await resources.list(context, params)

    return list_resources


def _caller_id(context: Context) -> str:
    return caller_of(context).id


def _no_header_schema(name: str) -> dict[str, Any] | None:
    del name
    return None


async def _roots_changed(context: Context, params: types.NotificationParams) -> None:
    """Ask the client again where it works."""
    del params
    context.lifespan_context.client_roots.pop(caller_of(context).id, None)
