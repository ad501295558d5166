"""A server of ours with what the conformance suite calls: `python -m ... FOLDER`.

Transport, guard, both eras, conversion, questions, progress and seals are the product's; only the
tools, resources and prompts are others, and `fixture_raw.py` says what the product does not have.
"""

import asyncio
import sys
from pathlib import Path

import mcp_types as types
from mcp.server.lowlevel.server import Server

from mcp_tools.server.canaries import Canaries
from mcp_tools.server.completions import Completions
from mcp_tools.server.http.options import HttpOptions
from mcp_tools.server.http.serving import serve_http
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.ports import Workplaces
from mcp_tools.server.prompts import Prompts
from mcp_tools.server.resources import Resources
from mcp_tools.server.server import make_server
from mcp_tools.server.state import Context, ServerState
from mcp_tools.server.subscriptions import Subscriptions
from mcp_tools.server.tools import Tools
from mcp_tools.types.calls import Profile
from tests.conformance.fixture_content import PROMPTS, SCHEMES
from tests.conformance.fixture_raw import (
    ASKING_PROMPT,
    RAW_TOOLS,
    Result,
    get_asking_prompt,
    listed_raw_tools,
    raw_schema,
    set_level,
)
from tests.conformance.fixture_tools import TOOLS
from tests.mcp_tools.server.places import Places

OPTIONS = ServerOptions(version="1", profile=Profile.FULL)


def make_fixture_server(folder: Path) -> Server[ServerState]:
    """Make the server over a folder, which must exist."""
    places: Workplaces = Places((folder,), TOOLS)
    server = make_server(places, OPTIONS)
    _add_tools(server, Tools(places, OPTIONS, Canaries(places)))
    _add_prompts(server, Prompts(places, PROMPTS))
    resources, subscriptions = Resources(places, SCHEMES), Subscriptions(places, SCHEMES)
    completions = Completions(places, SCHEMES, PROMPTS)
    add = server.add_request_handler
    add("resources/list", types.PaginatedRequestParams, resources.list)
    add("resources/templates/list", types.PaginatedRequestParams, resources.templates)
    add("resources/read", types.ReadResourceRequestParams, resources.read)
    add("resources/subscribe", types.SubscribeRequestParams, subscriptions.subscribe)
    add("resources/unsubscribe", types.UnsubscribeRequestParams, subscriptions.unsubscribe)
    add("subscriptions/listen", types.SubscriptionsListenRequestParams, subscriptions.listen)
    add("completion/complete", types.CompleteRequestParams, completions.complete)
    add("logging/setLevel", types.SetLevelRequestParams, set_level)
    server.get_tool_input_schema = raw_schema
    return server


def _add_tools(server: Server[ServerState], tools: Tools) -> None:
    async def list_tools(
        context: Context, params: types.PaginatedRequestParams
    ) -> types.ListToolsResult:
        listed = await tools.list(context, params)
        both = sorted([*listed.tools, *listed_raw_tools()], key=lambda tool: tool.name)
        return types.ListToolsResult(tools=both)

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> Result:
        raw = RAW_TOOLS.get(params.name)
        return await (raw or tools.call)(context, params)

    server.add_request_handler("tools/list", types.PaginatedRequestParams, list_tools)
    server.add_request_handler("tools/call", types.CallToolRequestParams, call_tool)


def _add_prompts(server: Server[ServerState], prompts: Prompts) -> None:
    async def list_prompts(
        context: Context, params: types.PaginatedRequestParams
    ) -> types.ListPromptsResult:
        listed = await prompts.list(context, params)
        return types.ListPromptsResult(prompts=[*listed.prompts, ASKING_PROMPT])

    async def get_prompt(
        context: Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult:
        if params.name == ASKING_PROMPT.name:
            return await get_asking_prompt(context, params)
        return await prompts.get(context, params)

    server.add_request_handler("prompts/list", types.PaginatedRequestParams, list_prompts)
    server.add_request_handler("prompts/get", types.GetPromptRequestParams, get_prompt)


def _say(url: str) -> None:
    sys.stdout.write(f"serving at {url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(
        serve_http(
            make_fixture_server(Path(sys.argv[1])), HttpOptions(port=0, is_open=True), started=_say
        )
    )
