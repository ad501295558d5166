"""The smallest pygls server with features like ours: the least a start costs."""

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

SERVER = LanguageServer("bare-server", "0")


@SERVER.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def did_open(server: LanguageServer, params: lsp.DidOpenTextDocumentParams) -> None:
    """Take a document; pygls keeps it."""


@SERVER.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def did_change(server: LanguageServer, params: lsp.DidChangeTextDocumentParams) -> None:
    """Follow an edit; pygls has made it."""


@SERVER.feature(
    lsp.TEXT_DOCUMENT_CODE_ACTION,
    lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
)
def code_action(server: LanguageServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Offer nothing."""
    return []


if __name__ == "__main__":
    SERVER.start_io()
