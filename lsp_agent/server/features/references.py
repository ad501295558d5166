"""Where a thing is named, in the whole workspace."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_REFERENCES)
async def references(server: AgentServer, params: lsp.ReferenceParams) -> Answer:
    """Give the places that name the thing at a place; those of which we are sure."""
    return await server.desk.code.references(spot_of(params), params.context)
