"""What stands on the left of `=`, behind `for`, and wherever else names get values."""

from tree_sitter import Node

from mcp_tools.index.python import grammar, nesting
from mcp_tools.index.python.codes import (
    OP_ATTRIBUTE,
    OP_ELEMENT,
    OP_LIST,
    OP_NAME,
    OP_PART,
    READ,
    WRITE,
)
from mcp_tools.index.python.draft import Draft, Receiver, SymbolDraft
from mcp_tools.types.facts import (
    FROM_END,
    UNKNOWN_TERM,
    BindingKind,
    ScopeKind,
    SymbolKind,
)

_SEQUENCES = grammar.kinds(
    "tuple_pattern", "pattern_list", "list_pattern", "tuple", "list", "expression_list"
)
_WRAPPERS = grammar.kinds("parenthesized_expression", "as_pattern_target")
_STARRED = grammar.kinds("list_splat_pattern", "list_splat", "splat_pattern")
_VISIBLE_SCOPES = (ScopeKind.MODULE, ScopeKind.CLASS)


def bind(
    draft: Draft,
    node: Node,
    value: int,
    annotation: int = UNKNOWN_TERM,
    *,
    whole: Node | None = None,
) -> None:
    """Note that a target gets a value.

    `whole` is the assignment, for the symbols that it makes; without one it is the target.
    """
    kind = node.kind_id
    if kind == grammar.IDENTIFIER:
        bind_name(draft, node, value, annotation, whole=whole)
    elif kind == grammar.ATTRIBUTE:
        store(draft, node, value, annotation, whole=whole)
    elif draft.depth >= nesting.DEPTH_MAX:
        nesting.names_alone(draft, node)
    else:
        draft.depth += 1
        _bind_inner(draft, node, value, whole=whole)
        draft.depth -= 1


def _bind_inner(draft: Draft, node: Node, value: int, *, whole: Node | None) -> None:
    kind = node.kind_id
    if kind in _SEQUENCES:
        _unpack(draft, node, value, whole=whole)
    elif kind in _WRAPPERS or kind in _STARRED:
        for child in node.named_children:
            bind(draft, child, value, whole=whole)
    else:
        draft.visit(node, READ)


def bind_name(
    draft: Draft, node: Node, value: int, annotation: int, *, whole: Node | None = None
) -> None:
    """Note that a bare name gets a value."""
    term = draft.occurrence(OP_NAME, node, draft.scope, WRITE)
    draft.bind(BindingKind.ASSIGN, term, value, annotation)
    add_variable(draft, term, whole or node, annotation)


def store(
    draft: Draft, node: Node, value: int, annotation: int, *, whole: Node | None = None
) -> int:
    """Note that an attribute gets a value; give its term."""
    term = draft.visit(node, WRITE)
    if draft.ops[term] != OP_ATTRIBUTE:
        return term
    draft.stored.append((term, draft.scope, value, annotation))
    receiver = draft.receiver
    if receiver is not None:
        base = draft.b[term]
        if draft.ops[base] == OP_NAME and draft.a[base] == receiver.name:
            _add_attribute(draft, receiver, term, annotation, whole or node)
    return term


def add_variable(
    draft: Draft,
    term: int,
    whole: Node,
    annotation: int,
    kind: SymbolKind = SymbolKind.VARIABLE,
) -> None:
    """Add the symbol of a variable of a module or class, at its first binding."""
    scope = draft.scope
    if not term or draft.scopes[scope][0] not in _VISIBLE_SCOPES:
        return
    name = draft.a[term]
    if (scope, name) in draft.variables:
        return
    draft.variables.add((scope, name))
    draft.symbols.append(
        SymbolDraft(
            name=name,
            kind=kind,
            scope=scope,
            parent=draft.symbol,
            start=whole.start_byte,
            end=whole.end_byte,
            name_start=draft.starts[term],
            term=term,
            annotation=annotation,
        )
    )


def _add_attribute(
    draft: Draft, receiver: Receiver, term: int, annotation: int, whole: Node
) -> None:
    name = draft.a[term]
    key = (receiver.class_scope, name)
    if key in draft.variables:
        return
    draft.variables.add(key)
    draft.symbols.append(
        SymbolDraft(
            name=name,
            kind=SymbolKind.ATTRIBUTE,
            scope=receiver.class_scope,
            parent=receiver.class_symbol,
            start=whole.start_byte,
            end=whole.end_byte,
            name_start=draft.starts[term],
            term=term,
            annotation=annotation,
        )
    )


def _unpack(draft: Draft, node: Node, value: int, *, whole: Node | None) -> None:
    parts = [child for child in node.named_children if child.kind_id != grammar.COMMENT]
    starred = [place for place, part in enumerate(parts) if part.kind_id in _STARRED]
    star = starred[0] if starred else len(parts)
    for place, part in enumerate(parts):
        if place == star:
            element = draft.term(OP_ELEMENT, value, 0, part)
            term = draft.term(OP_LIST, draft.list_of((element,)), 0, part)
        else:
            position = place if place < star else FROM_END + len(parts) - 1 - place
            term = draft.term(OP_PART, value, position, part)
        bind(draft, part, term, whole=whole)
