"""Definitions of the whole workspace by their names."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.WORKSPACE_SYMBOL)
async def workspace_symbol(server: AgentServer, params: lsp.WorkspaceSymbolParams) -> Answer:
    """Give the definitions that match, best first; at most 200."""
    return await server.desk.code.workspace_symbols(params.query)
