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


def module_as_written(source: bytes, node: Node) -> bytes:
    """Give the name of the module in `from module import`, without blanks and comments."""
    dotted = _dotted(node)
    parts = dotted.named_children if dotted is not None else ()
    names = [source[p.start_byte : p.end_byte] for p in parts if p.kind_id == grammar.IDENTIFIER]
    return _dots(source, node) + b".".join(names)


def _source_module(draft: Draft, node: Node) -> tuple[int, int]:
    """Give the name of the module, and the term of its last part."""
    module = draft.names[module_as_written(draft.source, node)]
    dotted = _dotted(node)
    if dotted is None:
        return module, draft.add(OP_MODULE, module, module, node.start_byte)
    parts = _module(draft, dotted, _dots(draft.source, node))
    return module, parts[-1] if parts else UNKNOWN_TERM


def _dotted(node: Node) -> Node | None:
    """Give what stands behind the dots of a relative import; all of another one."""
    if node.kind_id != grammar.RELATIVE_IMPORT:
        return node
    found = (child for child in node.named_children if child.kind_id == grammar.DOTTED_NAME)
    return next(found, None)


def _dots(source: bytes, node: Node) -> bytes:
    if node.kind_id != grammar.RELATIVE_IMPORT:
        return b""
    prefix = node.children[0]
    return b"." * source.count(b".", prefix.start_byte, prefix.end_byte)


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
