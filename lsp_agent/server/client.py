"""What the client can do, read once from its capabilities; its name plays no part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

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
    nests_symbols: bool
    """It shows an outline as a tree."""
    links_definitions: bool
    """It takes a definition with the range that it was asked about."""
    reads_markdown: bool
    """In hovers."""
    shows_questions: bool
    """It shows the agent's questions itself, and answers them by the command for that."""
    commands: frozenset[str]
    """Commands of its own that it says we may name, by the custom of rust-analyzer."""


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
        **_code_abilities(documents),
        shows_questions=_shows_questions(capabilities.experimental),
        commands=_commands(capabilities.experimental),
    )


class _CodeAbilities(TypedDict):
    nests_symbols: bool
    links_definitions: bool
    reads_markdown: bool


def _code_abilities(documents: lsp.TextDocumentClientCapabilities) -> _CodeAbilities:
    symbols, definition, hover = documents.document_symbol, documents.definition, documents.hover
    formats = (hover.content_format or ()) if hover is not None else ()
    return {
        "nests_symbols": bool(symbols and symbols.hierarchical_document_symbol_support),
        "links_definitions": bool(definition and definition.link_support),
        "reads_markdown": lsp.MarkupKind.Markdown in formats,
    }


def _commands(experimental: object) -> frozenset[str]:
    names = _field(_field(experimental, "commands"), "commands")
    if not isinstance(names, list | tuple):
        return frozenset()
    return frozenset(map(str, cast("Sequence[object]", names)))


def _shows_questions(experimental: object) -> bool:
    return _field(_field(experimental, "lspAgent"), "showsQuestions") is True


def _field(value: object, name: str) -> object:
    """Give a field of an untyped object, which comes as a mapping or as a named tuple."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(name)
    return getattr(value, name, None)
