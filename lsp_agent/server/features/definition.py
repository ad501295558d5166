"""Where a name is defined.

Python declares where it defines, so a question for the declaration has the same answer.
"""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_DEFINITION)
async def definition(server: AgentServer, params: lsp.DefinitionParams) -> Answer:
    """Give the definitions of the name at a place."""
    return await server.desk.code.definition(spot_of(params))


@feature(lsp.TEXT_DOCUMENT_DECLARATION)
async def declaration(server: AgentServer, params: lsp.DeclarationParams) -> Answer:
    """Give the definitions of the name at a place."""
    return await server.desk.code.definition(spot_of(params))
