"""Imports."""

from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.codes import IMPORT, OP_IMPORTED, OP_MODULE, OP_NAME
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.types.facts import UNKNOWN_TERM, BindingKind


def import_statement(draft: Draft, node: Node, _role: int) -> int:
    """`import a.b, c as d`."""
    for child in node.named_children:
        if child.kind_id == grammar.DOTTED_NAME:
            parts = _module(draft, child, b"")
            if parts:
                draft.bind(BindingKind.IMPORT, parts[0], parts[0])
        elif child.kind_id == grammar.ALIASED_IMPORT:
            name = child.child_by_field_id(grammar.FIELD_NAME)
            parts = _module(draft, name, b"") if name is not None else []
            _bind_alias(draft, child, parts[-1] if parts else UNKNOWN_TERM)
    return UNKNOWN_TERM


def import_from_statement(draft: Draft, node: Node, _role: int) -> int:
    """`from a import b as c, d`, also `from . import *`."""
    module_node = node.child_by_field_id(grammar.FIELD_MODULE_NAME)
    if module_node is None:
        return UNKNOWN_TERM
    module, last = _source_module(draft, module_node)
    for child in node.children_by_field_id(grammar.FIELD_NAME):
        _imported(draft, child, module)
    if any(child.kind_id == grammar.WILDCARD_IMPORT for child in node.children):
        row = (draft.scope, draft.names[b"*"], BindingKind.STAR_IMPORT, UNKNOWN_TERM, last, 0)
        draft.bindings.append(row)
    return UNKNOWN_TERM


def future_import_statement(draft: Draft, node: Node, _role: int) -> int:
    """`from __future__ import annotations`."""
    module = draft.names[b"__future__"]
    for child in node.children:
        if child.kind_id == grammar.FUTURE:
            draft.occurrence(OP_MODULE, child, module, IMPORT)
    for child in node.children_by_field_id(grammar.FIELD_NAME):
        _imported(draft, child, module)
    return UNKNOWN_TERM


def _source_module(draft: Draft, node: Node) -> tuple[int, int]:
    """Give the name of the module, and the term of its last part."""
    if node.kind_id != grammar.RELATIVE_IMPORT:
        parts = _module(draft, node, b"")
        return draft.names[_joined(draft, node)], parts[-1] if parts else UNKNOWN_TERM
    prefix = b"." * draft.text(node).count(b".", 0, _n_prefix_bytes(node))
    for child in node.named_children:
        if child.kind_id == grammar.DOTTED_NAME:
            parts = _module(draft, child, prefix)
            module = draft.names[prefix + _joined(draft, child)]
            return module, parts[-1] if parts else UNKNOWN_TERM
    module = draft.names[prefix]
    return module, draft.add(OP_MODULE, module, module, node.start_byte)


def _n_prefix_bytes(node: Node) -> int:
    prefix = node.children[0]
    return prefix.end_byte - prefix.start_byte


def _module(draft: Draft, node: Node, prefix: bytes) -> list[int]:
    """Add the parts of a dotted name as modules, and give their terms."""
    terms: list[int] = []
    path = prefix
    for child in node.named_children:
        if child.kind_id == grammar.IDENTIFIER:
            path += draft.text(child)
            terms.append(draft.occurrence(OP_MODULE, child, draft.names[path], IMPORT))
            path += b"."
    return terms


def _joined(draft: Draft, node: Node) -> bytes:
    parts = (child for child in node.named_children if child.kind_id == grammar.IDENTIFIER)
    return b".".join(draft.text(part) for part in parts)


def _imported(draft: Draft, node: Node, module: int) -> None:
    name = node.child_by_field_id(grammar.FIELD_NAME)
    is_aliased = node.kind_id == grammar.ALIASED_IMPORT and name is not None
    term = draft.occurrence(OP_IMPORTED, name if is_aliased and name else node, module, IMPORT)
    if is_aliased:
        _bind_alias(draft, node, term)
    else:
        draft.bind(BindingKind.IMPORT, term, term)


def _bind_alias(draft: Draft, node: Node, value: int) -> None:
    alias = node.child_by_field_id(grammar.FIELD_ALIAS)
    if alias is not None:
        term = draft.occurrence(OP_NAME, alias, draft.scope, IMPORT)
        draft.bind(BindingKind.IMPORT, term, value)


HANDLERS: dict[str, Handler] = {
    "future_import_statement": future_import_statement,
    "import_from_statement": import_from_statement,
    "import_statement": import_statement,
}
