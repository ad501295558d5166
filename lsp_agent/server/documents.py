"""The documents that the editor has open, exactly as it shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsprotocol import types as lsp

from lsp_agent.server.convert import Encoding, path_of, to_span
from mcp_tools.types.documents import Document, Layer
from mcp_tools.types.text import LineIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocument:
    """One open document; replaced, never changed."""

    uri: str
    """As the client wrote it; edits must name it the same way."""
    language_id: str
    version: int
    text: str

    @property
    def path(self) -> Path | None:
        """Its path, None if it is not a file, such as an unsaved new one."""
        return path_of(self.uri)

    def as_document(self, path: Path) -> Document:
        """Give it as a document of the workspace, under its canonical path."""
        return Document(path=path, text=self.text, version=self.version, layer=Layer.BUFFER)


ContentChange = lsp.TextDocumentContentChangePartial | lsp.TextDocumentContentChangeWholeDocument


class Documents:
    """All open documents by URI."""

    def __init__(self) -> None:
        """Start with none."""
        self._open: dict[str, OpenDocument] = {}

    def get(self, uri: str) -> OpenDocument | None:
        """Give an open document."""
        return self._open.get(uri)

    def all(self) -> Iterable[OpenDocument]:
        """Give all open documents."""
        return tuple(self._open.values())

    def open(self, item: lsp.TextDocumentItem) -> OpenDocument:
        """Take a newly opened document."""
        document = OpenDocument(
            uri=item.uri,
            language_id=str(item.language_id),
            version=item.version,
            text=item.text,
        )
        self._open[item.uri] = document
        return document

    def change(
        self,
        identifier: lsp.VersionedTextDocumentIdentifier,
        changes: Sequence[ContentChange],
        encoding: Encoding | str,
    ) -> OpenDocument | None:
        """Take changes, each relative to the text that the one before it left.

        Gives None, and does nothing, for a document that was never opened.
        """
        document = self._open.get(identifier.uri)
        if document is None:
            return None
        text = document.text
        for change in changes:
            text = _changed(text, change, encoding)
        document = replace(document, text=text, version=identifier.version)
        self._open[identifier.uri] = document
        return document

    def close(self, uri: str) -> OpenDocument | None:
        """Forget a document and give what it was."""
        return self._open.pop(uri, None)


def _changed(text: str, change: ContentChange, encoding: Encoding | str) -> str:
    if isinstance(change, lsp.TextDocumentContentChangeWholeDocument):
        return change.text
    span = to_span(LineIndex(text), change.range, encoding)
    return text[: span.start] + change.text + text[span.end :]
