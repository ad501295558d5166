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
    confirms_changes: bool
    """It knows change annotations, so a person can be asked about each part of an edit."""
    shows_progress: bool
    shows_documents: bool
    reads_virtual_documents: bool
    """It asks the server for the text of documents that are no files."""
    registers_code_actions: bool
    """It lets the server say later for which documents it has code actions."""
    registers_code_lenses: bool
    refreshes_code_lenses: bool
    pulls_diagnostics: bool


def abilities_of(capabilities: lsp.ClientCapabilities) -> ClientAbilities:
    """Read the abilities; what a client does not mention it cannot do."""
    workspace = capabilities.workspace or lsp.WorkspaceClientCapabilities()
    edits = workspace.workspace_edit or lsp.WorkspaceEditClientCapabilities()
    window = capabilities.window or lsp.WindowClientCapabilities()
    documents = capabilities.text_document or lsp.TextDocumentClientCapabilities()
    show = window.show_document
    lenses, actions = documents.code_lens, documents.code_action
    refresh = workspace.code_lens
    return ClientAbilities(
        can_apply_edits=bool(workspace.apply_edit),
        declares_versioned_edits=bool(edits.document_changes),
        resource_operations=frozenset(str(op.value) for op in edits.resource_operations or ()),
        confirms_changes=edits.change_annotation_support is not None,
        shows_progress=bool(window.work_done_progress),
        shows_documents=show is not None and show.support,
        reads_virtual_documents=workspace.text_document_content is not None,
        registers_code_actions=actions is not None and bool(actions.dynamic_registration),
        registers_code_lenses=lenses is not None and bool(lenses.dynamic_registration),
        refreshes_code_lenses=refresh is not None and bool(refresh.refresh_support),
        pulls_diagnostics=documents.diagnostic is not None,
    )
