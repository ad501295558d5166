"""Calls and their arguments, and the few functions whose arguments say more than others'."""

from collections.abc import Callable

from tree_sitter import Node

from mcp_tools.index.python import exports, grammar
from mcp_tools.index.python.codes import (
    ANNOTATION,
    CALLED,
    DECORATOR,
    KEYWORD,
    OP_CALL,
    OP_KEYWORD,
    OP_NAME,
    OP_STAR,
    READ,
)
from mcp_tools.index.python.draft import Check, Draft, Handler
from mcp_tools.types.facts import UNKNOWN_TERM


def call(draft: Draft, node: Node, role: int) -> int:
    """`function(arguments)`."""
    children = node.children
    function, arguments = children[0], children[-1]
    handlers = draft.handlers
    handler = handlers[function.kind_id]
    if handler is None:
        return draft.visit(arguments, READ)
    called = handler(draft, function, DECORATOR if role == DECORATOR else CALLED)
    if arguments.kind_id != grammar.ARGUMENT_LIST:
        items = [draft.visit(arguments, READ)]
    else:
        is_special = draft.a[called] in draft.special
        special = _SPECIAL.get(draft.special_name(called)) if is_special else None
        items = special(draft, called, node) if special else argument_terms(draft, arguments)
    return draft.add(OP_CALL, called, draft.list_of(items), function.start_byte)


def argument_terms(draft: Draft, arguments: Node) -> list[int]:
    """Give the terms of the arguments of a call."""
    handlers = draft.handlers
    items: list[int] = []
    for child in arguments.children:
        kind = child.kind_id
        handler = handlers[kind]
        if handler is not None:
            term = handler(draft, child, READ)
            if kind in _SPLATS:
                term = draft.term(OP_STAR, term, _SPLATS[kind], child)
            items.append(term)
    return items


def keyword_argument(draft: Draft, node: Node, role: int) -> int:
    """`name=value` in a call."""
    children = node.children
    handler = draft.handlers[children[-1].kind_id]
    value = handler(draft, children[-1], role) if handler is not None else UNKNOWN_TERM
    return draft.occurrence(OP_KEYWORD, children[0], value, KEYWORD)


def splat(draft: Draft, node: Node, _role: int) -> int:
    """`*value` and `**value` in a call: the value itself."""
    return draft.visit_each(node.children, READ)[-1:][0] if node.child_count > 1 else UNKNOWN_TERM


def _isinstance(draft: Draft, called: int, node: Node) -> list[int]:
    items = argument_terms(draft, node.children[-1])
    if len(items) == 2 and draft.ops[called] == OP_NAME:
        subject = items[0]
        if draft.ops[subject] == OP_NAME:
            draft.checks[node.start_byte] = Check(draft.a[subject], items[1], holds=True)
    return items


def _cast(draft: Draft, _called: int, node: Node) -> list[int]:
    return _annotated_arguments(draft, node, first=0, last=0)


def _type_variable(draft: Draft, _called: int, node: Node) -> list[int]:
    return _annotated_arguments(draft, node, first=1, last=99)


def _annotated_arguments(draft: Draft, node: Node, *, first: int, last: int) -> list[int]:
    """Visit arguments of which those from `first` to `last` are annotations."""
    items: list[int] = []
    for child in node.children[-1].children:
        handler = draft.handlers[child.kind_id]
        if handler is not None:
            is_annotation = first <= len(items) <= last
            items.append(handler(draft, child, ANNOTATION if is_annotation else READ))
    return items


def _extend(draft: Draft, called: int, node: Node) -> list[int]:
    if exports.is_method_of_exports(draft, called):
        for child in node.children[-1].named_children:
            exports.note(draft, child)
    return argument_terms(draft, node.children[-1])


def _append(draft: Draft, called: int, node: Node) -> list[int]:
    if exports.is_method_of_exports(draft, called):
        exports.note_items(draft, node.children[-1])
    return argument_terms(draft, node.children[-1])


_SPLATS = {grammar.LIST_SPLAT: 1, grammar.DICTIONARY_SPLAT: 2}

_SPECIAL: dict[bytes, Callable[[Draft, int, Node], list[int]]] = {
    b"isinstance": _isinstance,
    b"cast": _cast,
    b"TypeVar": _type_variable,
    b"NewType": _type_variable,
    b"extend": _extend,
    b"append": _append,
}

HANDLERS: dict[str, Handler] = {
    "argument_list": splat,
    "call": call,
    "dictionary_splat": splat,
    "keyword_argument": keyword_argument,
    "list_splat": splat,
    "parenthesized_list_splat": splat,
}
