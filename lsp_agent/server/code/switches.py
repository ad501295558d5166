"""Which features about code can be switched off, each by its name in `disabled_features`."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import cast

from lsprotocol import types as lsp

SETTING = "disabled_features"


class Feature(StrEnum):
    """A feature that a person may want from another server, or from none."""

    DOCUMENT_SYMBOL = "document_symbol"
    WORKSPACE_SYMBOL = "workspace_symbol"
    DEFINITION = "definition"
    REFERENCES = "references"
    IMPLEMENTATION = "implementation"
    CALL_HIERARCHY = "call_hierarchy"
    TYPE_HIERARCHY = "type_hierarchy"
    HOVER = "hover"
    RENAME = "rename"
    CALLER_COUNTS = "caller_counts"


_METHODS: Mapping[Feature, Sequence[str]] = {
    Feature.DOCUMENT_SYMBOL: (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL,),
    Feature.WORKSPACE_SYMBOL: (lsp.WORKSPACE_SYMBOL,),
    Feature.DEFINITION: (lsp.TEXT_DOCUMENT_DEFINITION, lsp.TEXT_DOCUMENT_DECLARATION),
    Feature.REFERENCES: (lsp.TEXT_DOCUMENT_REFERENCES,),
    Feature.IMPLEMENTATION: (lsp.TEXT_DOCUMENT_IMPLEMENTATION,),
    Feature.CALL_HIERARCHY: (
        lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY,
        lsp.CALL_HIERARCHY_INCOMING_CALLS,
        lsp.CALL_HIERARCHY_OUTGOING_CALLS,
    ),
    Feature.TYPE_HIERARCHY: (
        lsp.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY,
        lsp.TYPE_HIERARCHY_SUPERTYPES,
        lsp.TYPE_HIERARCHY_SUBTYPES,
    ),
    Feature.HOVER: (lsp.TEXT_DOCUMENT_HOVER,),
    Feature.RENAME: (lsp.TEXT_DOCUMENT_RENAME, lsp.TEXT_DOCUMENT_PREPARE_RENAME),
    # Lenses are also there for proposals, so the method stays.
    Feature.CALLER_COUNTS: (),
}


def methods_without(options: Mapping[str, object]) -> Sequence[str]:
    """Give the methods that an editor's own options switch off; these are not even offered.

    The other layers of settings are read later, when the editor has its answer to `initialize`:
    a feature that they switch off is offered, and answers with nothing.
    """
    names = options.get(SETTING)
    if not isinstance(names, list | tuple):
        return ()
    wanted = {str(name) for name in cast("Sequence[object]", names)}
    return [method for feature in Feature if feature in wanted for method in _METHODS[feature]]
