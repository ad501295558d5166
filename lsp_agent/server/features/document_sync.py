"""Document synchronization: what the editor shows is what everything here reads.

These handlers are plain functions, so that they run in the order in which messages arrive.
"""

from lsprotocol import types as lsp

from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def did_open(server: AgentServer, params: lsp.DidOpenTextDocumentParams) -> None:
    """Take over a document from the disk."""
    server.desk.document_changed(server.documents.open(params.text_document))


@feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def did_change(server: AgentServer, params: lsp.DidChangeTextDocumentParams) -> None:
    """Follow an edit in the editor."""
    encoding = server.connection.encoding
    document = server.documents.change(params.text_document, params.content_changes, encoding)
    if document is not None:
        server.desk.document_changed(document)


@feature(lsp.TEXT_DOCUMENT_DID_SAVE)
def did_save(server: AgentServer, params: lsp.DidSaveTextDocumentParams) -> None:
    """Note that the disk now holds what the editor shows."""
    server.desk.files_changed([params.text_document.uri])


@feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def did_close(server: AgentServer, params: lsp.DidCloseTextDocumentParams) -> None:
    """Hand a document back to the disk."""
    document = server.documents.close(params.text_document.uri)
    if document is not None:
        server.desk.document_closed(document)


@feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def did_change_watched_files(server: AgentServer, params: lsp.DidChangeWatchedFilesParams) -> None:
    """Note changes on disk that the editor saw."""
    server.desk.files_changed([change.uri for change in params.changes])
