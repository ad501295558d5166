"""The servers that `bench.mcp` compares: `python -m bench.mcp_servers bare|ours FOLDER`.

*bare* is the SDK as it comes, with one tool that says what it was told, and no tokens. *ours* is
all of the product, from the guard of HTTP to the audit log, with the same tool beside its own.
"""

import asyncio
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import mcp_types as types
import uvicorn
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from pydantic import BaseModel, ConfigDict, Field

from lsp_agent.app import build_disk_engine
from lsp_agent.cli.mcp_token import tokens_path
from lsp_agent.config.settings import load_settings
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.workplaces import AgentWorkplaces
from mcp_tools.registry import discover
from mcp_tools.server.http.options import HttpLimits, HttpOptions
from mcp_tools.server.http.serving import serve_http
from mcp_tools.server.http.tokens import TokenFile
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.server import make_server
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

Context: TypeAlias = ServerRequestContext[Any, Any]

TRIVIAL = "bench_echo"
UNLIMITED = HttpLimits(requests_per_s=1e9, burst=1_000_000_000)


class _Words(BaseModel):
    """Some text."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(description="what to say", max_length=1000)


class _Said(BaseModel):
    """A text."""

    text: str


async def _echo(context: ToolContext, arguments: _Words) -> Answer:
    del context
    return Answer(text=arguments.text, data=_Said(text=arguments.text))


ECHO = Tool(
    name=TRIVIAL,
    title="Echo",
    description="Says what it was told.",
    input_model=_Words,
    output_model=_Said,
    run=_echo,
)


async def serve_ours(folder: Path) -> None:
    """Serve a folder as `lsp-agent mcp --http` does, with one token."""
    settings = load_settings({}, overrides_name="").settings
    root = await asyncio.to_thread(folder.resolve)
    tools: Sequence[Tool] = sorted((*discover(), ECHO), key=lambda tool: tool.name)

    def open_engine(root: Path) -> Engine:
        return replace(build_disk_engine(settings, root), tools=tools)

    workplaces = AgentWorkplaces([root], tools, open_engine)
    tokens = TokenFile(tokens_path())
    token = tokens.create("bench")
    options = HttpOptions(port=0, verifier=tokens, limits=UNLIMITED)
    server = make_server(workplaces, ServerOptions(version="bench", profile=Profile.FULL))
    try:
        await serve_http(server, options, started=lambda url: _say(url, token))
    finally:
        await workplaces.close()


async def serve_bare() -> None:
    """Serve by the SDK alone."""
    listed = types.Tool(
        name=TRIVIAL, description=ECHO.description, input_schema=_Words.model_json_schema()
    )

    async def list_tools(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        del context, params
        return types.ListToolsResult(tools=[listed])

    async def call_tool(
        context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        del context
        words = _Words.model_validate(params.arguments)
        return types.CallToolResult(content=[types.TextContent(text=words.text)])

    def no_headers(name: str) -> Mapping[str, Any] | None:
        del name
        return None

    server = Server(
        "bare", on_list_tools=list_tools, on_call_tool=call_tool, get_tool_input_schema=no_headers
    )
    # Said to be TCP, or asyncio would not have small answers sent at once.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        _say(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", "")
        config = uvicorn.Config(server.streamable_http_app(), log_level="error", access_log=False)
        await uvicorn.Server(config).serve([listener])


def _say(url: str, token: str) -> None:
    sys.stdout.write(f"{url} {token}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve_bare() if sys.argv[1] == "bare" else serve_ours(Path(sys.argv[2])))
