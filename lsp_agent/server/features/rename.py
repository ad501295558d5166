"""Renaming a thing wherever it is named; the edit is the editor's, which can undo it."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
async def prepare_rename(server: AgentServer, params: lsp.PrepareRenameParams) -> Answer:
    """Give the name to type over, or say why it cannot be renamed."""
    return await server.desk.code.prepare_rename(spot_of(params))


@feature(lsp.TEXT_DOCUMENT_RENAME)
async def rename(server: AgentServer, params: lsp.RenameParams) -> lsp.WorkspaceEdit | Answer:
    """Give the whole edit, and tell of the places that it could not be sure of."""
    return await server.desk.code.rename(spot_of(params), params.new_name)
