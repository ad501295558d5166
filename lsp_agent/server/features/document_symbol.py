"""The outline of a document, nested where the client can show that."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
async def document_symbol(server: AgentServer, params: lsp.DocumentSymbolParams) -> Answer:
    """Give the definitions of a document."""
    return await server.desk.code.document_symbols(params.text_document.uri)
