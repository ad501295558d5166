"""What the client can do, read once from its capabilities; its name plays no part."""

from dataclasses import dataclass

from lsprotocol import types as lsp


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAbilities:
    """The abilities that decide how we talk to a client."""

    can_apply_edits: bool
    declares_versioned_edits: bool
    """It says that it takes `documentChanges`. Some take them without saying so."""
    resource_operations: frozenset[str]
    """Of `create`, `rename`, `delete`: the file operations that its edits may hold."""
    shows_progress: bool
    shows_documents: bool
    pulls_diagnostics: bool


def abilities_of(capabilities: lsp.ClientCapabilities) -> ClientAbilities:
    """Read the abilities; what a client does not mention it cannot do."""
    workspace = capabilities.workspace or lsp.WorkspaceClientCapabilities()
    edits = workspace.workspace_edit or lsp.WorkspaceEditClientCapabilities()
    window = capabilities.window or lsp.WindowClientCapabilities()
    documents = capabilities.text_document or lsp.TextDocumentClientCapabilities()
    show = window.show_document
    return ClientAbilities(
        can_apply_edits=bool(workspace.apply_edit),
        declares_versioned_edits=bool(edits.document_changes),
        resource_operations=frozenset(str(op.value) for op in edits.resource_operations or ()),
        shows_progress=bool(window.work_done_progress),
        shows_documents=show is not None and show.support,
        pulls_diagnostics=documents.diagnostic is not None,
    )
