"""Serving MCP on standard input and output; `mcp` imports this, and the SDK, when it serves."""

import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from lsp_agent.cli.ending import end_at_last
from lsp_agent.config.settings import Settings
from lsp_agent.engine.workplaces import AgentWorkplaces
from lsp_agent.mcp_app import make_workplaces
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.pipes import claim_standard_pipes
from mcp_tools.server.server import make_server
from mcp_tools.server.stdio import serve_stdio


async def serve_over_stdio(
    settings: Settings, roots: Sequence[Path], options: ServerOptions
) -> None:
    """Serve the client that has started this program, until it leaves or a signal comes."""
    pipes = claim_standard_pipes()
    async with open_workplaces(settings, roots) as workplaces:
        await serve_stdio(make_server(workplaces, options), pipes)


@asynccontextmanager
async def open_workplaces(
    settings: Settings, roots: Sequence[Path]
) -> AsyncGenerator[AgentWorkplaces]:
    """Give the roots to serve; nothing of them is left behind at the end."""
    workplaces = make_workplaces(settings, roots)
    known = {tool.name for tool in workplaces.tools}
    for name in settings.allow:
        if name not in known:
            say(f"there is no tool {name!r} to allow; see `lsp-agent tools`")
    try:
        yield workplaces
    finally:
        # Whatever still hangs then, a thread or a full pipe, holds up nothing.
        end_at_last()
        await workplaces.close()


def say(text: str) -> None:
    """Tell something to the person who has started this, at once."""
    print(f"lsp-agent: {text}", file=sys.stderr, flush=True)
