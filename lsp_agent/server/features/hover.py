"""What is known of a name: signature and documentation."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_HOVER)
async def hover(server: AgentServer, params: lsp.HoverParams) -> Answer:
    """Describe the name at a place."""
    return await server.desk.code.hover(spot_of(params))
