"""Names, attributes, operators: the expressions that open no scope."""

from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.codes import (
    ANNOTATION,
    INHERIT,
    OP_ATTRIBUTE,
    OP_AWAIT,
    OP_BINARY,
    OP_EITHER,
    OP_ITEM,
    OP_NAME,
    OP_TUPLE,
    READ,
)
from mcp_tools.index.python.draft import Check, Draft, Handler
from mcp_tools.index.python.narrowing import narrow
from mcp_tools.types.facts import UNKNOWN_TERM


def significant(node: Node) -> list[Node]:
    """Give the children of a node without comments, which may stand anywhere."""
    return [
        child
        for child in node.children
        if child.kind_id != grammar.COMMENT and child.kind_id != grammar.LINE_CONTINUATION
    ]


def identifier(draft: Draft, node: Node, role: int) -> int:
    """`name`."""
    start = node.start_byte
    text = draft.source[start : node.end_byte]
    if not text:
        return UNKNOWN_TERM
    ops = draft.ops
    ops.append(OP_NAME)
    draft.a.append(draft.names[text])
    draft.b.append(draft.scope)
    draft.starts.append(start)
    draft.roles.append(role)
    return len(ops) - 1


def attribute(draft: Draft, node: Node, role: int) -> int:
    """`value.name`; chains are gone through without recursion."""
    names: list[Node] = []
    while node.kind_id in _ATTRIBUTES:
        children = node.children
        if len(children) != 3:
            children = significant(node)
            if len(children) != 3:
                break
        node = children[0]
        names.append(children[2])
    inner_role = ANNOTATION if role == ANNOTATION else READ
    if not names:
        return visit_all(draft, node, inner_role)
    handler = draft.handlers[node.kind_id]
    term = handler(draft, node, inner_role) if handler is not None else UNKNOWN_TERM
    while names:
        name = names.pop()
        term = draft.occurrence(OP_ATTRIBUTE, name, term, inner_role if names else role)
    return term


def subscript(draft: Draft, node: Node, role: int) -> int:
    """`value[index, ...]`; also of a type."""
    children = node.children
    value = draft.visit(children[0], role if role in (ANNOTATION, INHERIT) else READ)
    inner = role if role in (ANNOTATION, INHERIT) else READ
    indexes = index_terms(draft, value, children[1:], inner)
    return _item(draft, value, indexes, node)


def generic_type(draft: Draft, node: Node, role: int) -> int:
    """`value[type, ...]` as the grammar sees it in an annotation."""
    children = node.children
    value = draft.visit(children[0], role)
    indexes = index_terms(draft, value, children[-1].children, role)
    return _item(draft, value, indexes, node)


def index_terms(draft: Draft, value: int, nodes: list[Node], role: int) -> list[int]:
    """Give the terms between brackets; what is in `Literal[...]` is no annotation.

    Of `Annotated[...]`, only the first item is one.
    """
    name = draft.special_name(value) if role != READ else b""
    if name == b"Literal":
        return draft.visit_each(nodes, READ)
    if name != b"Annotated":
        return draft.visit_each(nodes, role)
    items: list[int] = []
    for node in nodes:
        handler = draft.handlers[node.kind_id]
        if handler is not None:
            items.append(handler(draft, node, READ if items else role))
    return items


def _item(draft: Draft, value: int, indexes: list[int], node: Node) -> int:
    if len(indexes) == 1:
        return draft.term(OP_ITEM, value, indexes[0], node)
    index = draft.term(OP_TUPLE, draft.list_of(indexes), 0, node) if indexes else UNKNOWN_TERM
    return draft.term(OP_ITEM, value, index, node)


def slice_(draft: Draft, node: Node, _role: int) -> int:
    """`a:b:c`."""
    draft.visit_each(node.children, READ)
    return UNKNOWN_TERM


def inner(draft: Draft, node: Node, role: int) -> int:
    """`(x)`, and nodes that only wrap another one."""
    found = UNKNOWN_TERM
    for child in node.children:
        handler = draft.handlers[child.kind_id]
        if handler is not None:
            found = handler(draft, child, role)
    return found


def visit_all(draft: Draft, node: Node, role: int) -> int:
    """Whatever holds names, and has no value that could be told."""
    draft.visit_each(node.children, role)
    return UNKNOWN_TERM


def binary(draft: Draft, node: Node, role: int) -> int:
    """`a + b`. Long chains lean to the left, so these are gone through without recursion."""
    spine, left = [node], node.children[0]
    while left.kind_id == grammar.BINARY_OPERATOR:
        spine.append(left)
        left = left.children[0]
    role = ANNOTATION if role == ANNOTATION else READ
    value = draft.visit(left, role)
    for step in reversed(spine):
        rights = draft.visit_each(step.children[1:], role)
        value = draft.term(OP_BINARY, value, rights[-1] if rights else UNKNOWN_TERM, node)
    return value


def unary(draft: Draft, node: Node, _role: int) -> int:
    """`-a`."""
    return draft.term(OP_BINARY, inner(draft, node, READ), UNKNOWN_TERM, node)


def boolean(draft: Draft, node: Node, _role: int) -> int:
    """`a or b`, which is one of both, and `a and b`, which is nearly always b."""
    spine: list[Node] = []
    left = node
    while left.kind_id == grammar.BOOLEAN_OPERATOR:
        spine.append(left)
        left = left.children[0]
    value = draft.visit(left, READ)
    for step in reversed(spine):
        value = _boolean_step(draft, step, value)
    return value


def _boolean_step(draft: Draft, node: Node, left: int) -> int:
    children = significant(node)
    if len(children) != 3:
        visit_all_but_first = children[1:]
        draft.visit_each(visit_all_but_first, READ)
        return UNKNOWN_TERM
    first, operator, second = children
    right = draft.visit(second, READ)
    is_and = operator.kind_id == grammar.AND
    if draft.checks:
        narrow(draft, first, (second.start_byte, second.end_byte), holds=is_and)
    if is_and:
        return right
    return draft.term(OP_EITHER, draft.list_of((left, right)), 0, node)


def negation(draft: Draft, node: Node, _role: int) -> int:
    """`not a`."""
    inner(draft, node, READ)
    return draft.constant(b"bool", node)


def comparison(draft: Draft, node: Node, _role: int) -> int:
    """`a < b`; a test of a bare name against None is noted."""
    children = node.children
    items = draft.visit_each(children, READ)
    if len(children) == 3 and children[2].kind_id == grammar.NONE:
        operator = children[1].kind_id
        if draft.ops[items[0]] == OP_NAME and operator in (grammar.IS, grammar.IS_NOT):
            check = Check(draft.a[items[0]], UNKNOWN_TERM, operator == grammar.IS_NOT)
            draft.checks[node.start_byte] = check
    return draft.constant(b"bool", node)


def conditional(draft: Draft, node: Node, role: int) -> int:
    """`a if test else b`."""
    handlers = draft.handlers
    parts = [child for child in node.children if handlers[child.kind_id] is not None]
    if len(parts) != 3:
        return visit_all(draft, node, role)
    body, test, other = parts
    before = len(draft.checks)
    a = draft.visit(body, role)
    draft.visit(test, READ)
    b = draft.visit(other, role)
    if len(draft.checks) > before:
        narrow(draft, test, (body.start_byte, body.end_byte), holds=True)
        narrow(draft, test, (other.start_byte, other.end_byte), holds=False)
    return draft.term(OP_EITHER, draft.list_of((a, b)), 0, node)


def await_(draft: Draft, node: Node, _role: int) -> int:
    """`await a`."""
    return draft.term(OP_AWAIT, inner(draft, node, READ), 0, node)


def integer(draft: Draft, node: Node, _role: int) -> int:
    """`1` and `1j`."""
    is_complex = draft.source[node.end_byte - 1 : node.end_byte] in (b"j", b"J")
    return draft.constant(b"complex" if is_complex else b"int", node)


def float_(draft: Draft, node: Node, _role: int) -> int:
    """`1.0` and `1.0j`."""
    is_complex = draft.source[node.end_byte - 1 : node.end_byte] in (b"j", b"J")
    return draft.constant(b"complex" if is_complex else b"float", node)


def bool_(draft: Draft, node: Node, _role: int) -> int:
    """`True` and `False`."""
    return draft.constant(b"bool", node)


def none(draft: Draft, node: Node, _role: int) -> int:
    """`None`."""
    return draft.constant(b"None", node)


def unknown(_draft: Draft, _node: Node, _role: int) -> int:
    """What stands for a value, and says nothing: `...`."""
    return UNKNOWN_TERM


_ATTRIBUTES = grammar.kinds("attribute", "member_type")

HANDLERS: dict[str, Handler] = {
    "attribute": attribute,
    "await": await_,
    "binary_operator": binary,
    "boolean_operator": boolean,
    "comparison_operator": comparison,
    "conditional_expression": conditional,
    "constrained_type": visit_all,
    "ellipsis": unknown,
    "false": bool_,
    "float": float_,
    "generic_type": generic_type,
    "identifier": identifier,
    "integer": integer,
    "member_type": attribute,
    "none": none,
    "not_operator": negation,
    "parenthesized_expression": inner,
    "slice": slice_,
    "splat_type": inner,
    "subscript": subscript,
    "true": bool_,
    "type": inner,
    "type_parameter": visit_all,
    "unary_operator": unary,
    "union_type": binary,
}
