"""Lists, tuples, sets, dictionaries and comprehensions."""

from tree_sitter import Node

from mcp_tools.index.python import grammar, targets
from mcp_tools.index.python.codes import (
    OP_COLLECT,
    OP_DICT,
    OP_ELEMENT,
    OP_LIST,
    OP_SET,
    OP_TUPLE,
    READ,
)
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.index.python.narrowing import narrow
from mcp_tools.types.facts import NONE, UNKNOWN_TERM, Collection, ScopeKind


def list_(draft: Draft, node: Node, role: int) -> int:
    """`[a, *b]`; in an annotation such as `Callable[[a], b]` the role goes on."""
    return draft.term(OP_LIST, draft.list_of(_items(draft, node, role)), 0, node)


def tuple_(draft: Draft, node: Node, role: int) -> int:
    """`(a, *b)`, also without parentheses."""
    return draft.term(OP_TUPLE, draft.list_of(_items(draft, node, role)), 0, node)


def set_(draft: Draft, node: Node, _role: int) -> int:
    """`{a, *b}`."""
    return draft.term(OP_SET, draft.list_of(_items(draft, node, READ)), 0, node)


def dictionary(draft: Draft, node: Node, _role: int) -> int:
    """`{a: b, **c}`."""
    items: list[int] = []
    for child in node.children:
        handler = draft.handlers[child.kind_id]
        if child.kind_id == grammar.PAIR:
            items += _pair(draft, child)
        elif handler is not None:
            items += (UNKNOWN_TERM, handler(draft, child, READ))
    return draft.term(OP_DICT, draft.list_of(items), 0, node)


def pair(draft: Draft, node: Node, _role: int) -> int:
    """`a: b` where no dictionary could be understood around it."""
    _pair(draft, node)
    return UNKNOWN_TERM


def list_comprehension(draft: Draft, node: Node, _role: int) -> int:
    """`[x for x in y]`."""
    return _comprehension(draft, node, Collection.LIST)


def set_comprehension(draft: Draft, node: Node, _role: int) -> int:
    """`{x for x in y}`."""
    return _comprehension(draft, node, Collection.SET)


def dictionary_comprehension(draft: Draft, node: Node, _role: int) -> int:
    """`{x: y for x, y in z}`."""
    return _comprehension(draft, node, Collection.DICT)


def generator_expression(draft: Draft, node: Node, _role: int) -> int:
    """`(x for x in y)`."""
    return _comprehension(draft, node, Collection.GENERATOR)


def _items(draft: Draft, node: Node, role: int) -> list[int]:
    handlers = draft.handlers
    items: list[int] = []
    for child in node.children:
        kind = child.kind_id
        handler = handlers[kind]
        if handler is not None:
            term = handler(draft, child, role)
            if kind == grammar.LIST_SPLAT:
                term = draft.term(OP_ELEMENT, term, 0, child)
            items.append(term)
    return items


def _pair(draft: Draft, node: Node) -> tuple[int, int]:
    items = draft.visit_each(node.children, READ)
    return (items[0], items[1]) if len(items) == 2 else (UNKNOWN_TERM, UNKNOWN_TERM)


def _comprehension(draft: Draft, node: Node, collection: Collection) -> int:
    body = node.child_by_field_id(grammar.FIELD_BODY)
    clauses = [c for c in node.children if c.kind_id in (grammar.FOR_IN_CLAUSE, grammar.IF_CLAUSE)]
    if body is None or not clauses:
        draft.visit_each(node.children, READ)
        return UNKNOWN_TERM
    # The first iterable belongs to the scope around.
    first = _iterable(draft, clauses[0])
    before = draft.open_scope(ScopeKind.COMPREHENSION, NONE, node.start_byte, node.end_byte)
    _bind_clause(draft, clauses[0], first)
    n_checks = len(draft.checks)
    for clause in clauses[1:]:
        if clause.kind_id == grammar.FOR_IN_CLAUSE:
            _bind_clause(draft, clause, _iterable(draft, clause))
        else:
            draft.visit_each(clause.children, READ)
    if len(draft.checks) > n_checks:
        for clause in clauses[1:]:
            for test in clause.named_children:
                narrow(draft, test, (body.start_byte, body.end_byte), holds=True)
    items = _pair(draft, body) if body.kind_id == grammar.PAIR else (draft.visit(body, READ),)
    draft.scope = before
    return draft.term(OP_COLLECT, draft.list_of(items), int(collection), node)


def _iterable(draft: Draft, clause: Node) -> int:
    right = clause.child_by_field_id(grammar.FIELD_RIGHT)
    return draft.visit(right, READ) if right is not None else UNKNOWN_TERM


def _bind_clause(draft: Draft, clause: Node, iterable: int) -> None:
    left = clause.child_by_field_id(grammar.FIELD_LEFT)
    if left is not None:
        targets.bind(draft, left, draft.term(OP_ELEMENT, iterable, 0, left))


HANDLERS: dict[str, Handler] = {
    "dictionary": dictionary,
    "dictionary_comprehension": dictionary_comprehension,
    "expression_list": tuple_,
    "generator_expression": generator_expression,
    "list": list_,
    "list_comprehension": list_comprehension,
    "list_pattern": list_,
    "pair": pair,
    "pattern_list": tuple_,
    "set": set_,
    "set_comprehension": set_comprehension,
    "tuple": tuple_,
    "tuple_pattern": tuple_,
}
