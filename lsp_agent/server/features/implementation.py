"""What implements a class or a method."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_IMPLEMENTATION)
async def implementation(server: AgentServer, params: lsp.ImplementationParams) -> Answer:
    """Give the subclasses of a class, or the overrides of a method."""
    return await server.desk.code.implementations(spot_of(params))
