"""A change as an edit that the client makes itself, such as the answer to a rename."""

from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types as lsp

from lsp_agent.server.client import ClientAbilities
from lsp_agent.server.code.uris import Uris
from lsp_agent.server.convert import Encoding, to_text_edits
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    SetContent,
)
from mcp_tools.types.errors import InvalidEdit, StaleEdit

DocumentChange = lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile
_START = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTerms:
    """What is to be known of a client to write an edit for it."""

    snapshot: SnapshotView
    """The documents that the change was computed from."""
    uris: Uris
    abilities: ClientAbilities
    encoding: Encoding | str


def workspace_edit(changes: ChangeSet, terms: EditTerms) -> lsp.WorkspaceEdit:
    """Write a change as an edit; texts first, since they go by the names of before.

    Raises: InvalidEdit if it has an operation that the client cannot make; StaleEdit.
    """
    texts = [change for change in changes.files if isinstance(change, ModifyFile)]
    others = [change for change in changes.files if not isinstance(change, ModifyFile)]
    edits = [_text_edit(change, terms) for change in texts]
    operations = [wire for change in others for wire in _operation(change, terms)]
    abilities = terms.abilities
    if abilities.declares_versioned_edits or abilities.resource_operations:
        return lsp.WorkspaceEdit(document_changes=[*edits, *operations])
    return lsp.WorkspaceEdit(
        changes={
            edit.text_document.uri: [e for e in edit.edits if isinstance(e, lsp.TextEdit)]
            for edit in edits
        }
    )


def _text_edit(change: ModifyFile, terms: EditTerms) -> lsp.TextDocumentEdit:
    document = terms.snapshot.read(change.path)
    if document.digest != change.base:
        raise StaleEdit(f"{change.path.name!r} was changed meanwhile; try again")
    identifier = lsp.OptionalVersionedTextDocumentIdentifier(
        uri=terms.uris.of(str(change.path)), version=_version(document, terms)
    )
    edits = to_text_edits(document, change.edits, terms.encoding)
    return lsp.TextDocumentEdit(text_document=identifier, edits=[*edits])


def _version(document: Document, terms: EditTerms) -> int | None:
    # As in `edit_requests`: 0 is "any version" for an editor that does not declare versions.
    declares = terms.abilities.declares_versioned_edits
    return 1 if document.version == 0 and not declares else document.version


def _operation(change: FileChange, terms: EditTerms) -> Iterator[DocumentChange]:
    uri = terms.uris.of(str(change.path))
    match change:
        case RenameFile():
            _require("rename", change, terms)
            yield lsp.RenameFile(old_uri=uri, new_uri=terms.uris.of(str(change.new_path)))
        case DeleteFile():
            _require("delete", change, terms)
            yield lsp.DeleteFile(uri=uri)
        case CreateFile():
            _require("create", change, terms)
            yield lsp.CreateFile(uri=uri)
            identifier = lsp.OptionalVersionedTextDocumentIdentifier(uri=uri, version=None)
            text = lsp.TextEdit(range=_START, new_text=change.text)
            yield lsp.TextDocumentEdit(text_document=identifier, edits=[text])
        case ModifyFile() | SetContent():
            raise InvalidEdit(f"an editor cannot be asked to change {change.path.name!r} so")


def _require(operation: str, change: FileChange, terms: EditTerms) -> None:
    if operation not in terms.abilities.resource_operations:
        raise InvalidEdit(
            f"this editor cannot {operation} files by an edit, and {change.path.name!r} has to "
            "be; nothing was changed"
        )
