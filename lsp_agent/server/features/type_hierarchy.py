"""What a class is made from, and what is made from it."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY)
async def prepare(server: AgentServer, params: lsp.TypeHierarchyPrepareParams) -> Answer:
    """Give the class at a place."""
    return await server.desk.code.type_items(spot_of(params))


@feature(lsp.TYPE_HIERARCHY_SUPERTYPES)
async def supertypes(server: AgentServer, params: lsp.TypeHierarchySupertypesParams) -> Answer:
    """Give its direct bases."""
    return await server.desk.code.supertypes(params.item)


@feature(lsp.TYPE_HIERARCHY_SUBTYPES)
async def subtypes(server: AgentServer, params: lsp.TypeHierarchySubtypesParams) -> Answer:
    """Give the classes that name it as a base."""
    return await server.desk.code.subtypes(params.item)
