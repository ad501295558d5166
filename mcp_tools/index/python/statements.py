"""Statements but for definitions, imports and `match`."""

from tree_sitter import Node

from mcp_tools.index.python import exports, grammar, targets
from mcp_tools.index.python.codes import (
    ANNOTATION,
    DECLARE,
    DEFINITION,
    OP_BINARY,
    OP_CAUGHT,
    OP_ELEMENT,
    OP_ENTER,
    OP_NAME,
    READ,
    WRITE,
)
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.index.python.narrowing import leaves, narrow
from mcp_tools.types.facts import (
    MODULE_SCOPE,
    UNKNOWN_TERM,
    BindingKind,
    ScopeKind,
    SymbolKind,
)


def each(draft: Draft, node: Node, _role: int) -> int:
    """A statement that only holds others, or expressions without a use for their values."""
    handlers = draft.handlers
    for child in node.children:
        handler = handlers[child.kind_id]
        if handler is not None:
            handler(draft, child, READ)
    return UNKNOWN_TERM


def block(draft: Draft, node: Node, _role: int) -> int:
    """The statements behind a colon."""
    before = draft.block_end
    draft.block_end = node.end_byte
    each(draft, node, READ)
    draft.block_end = before
    return UNKNOWN_TERM


def assignment(draft: Draft, node: Node, _role: int) -> int:
    """`a = b = value`, `a: annotation = value` and `a: annotation`; gives the value."""
    chain = [node]
    last = node.children[-1]
    while last.kind_id == grammar.ASSIGNMENT:
        chain.append(last)
        last = last.children[-1]
    type_node = chain[-1].child_by_field_id(grammar.FIELD_TYPE)
    annotation = draft.visit(type_node, ANNOTATION) if type_node is not None else UNKNOWN_TERM
    if last.kind_id == grammar.TYPE:
        _declare(draft, node.children[0], annotation, node)
        return UNKNOWN_TERM
    is_alias = draft.special_name(annotation) == b"TypeAlias"
    value = draft.visit(last, ANNOTATION if is_alias else READ)
    for assigned in chain:
        left = assigned.children[0]
        if is_alias and left.kind_id == grammar.IDENTIFIER:
            _bind_alias(draft, left, value, assigned)
        else:
            targets.bind(draft, left, value, annotation, whole=assigned)
        if draft.scope == MODULE_SCOPE and draft.text(left) == exports.NAME:
            exports.note(draft, last)
    return value


def augmented_assignment(draft: Draft, node: Node, _role: int) -> int:
    """`a += value`."""
    left = node.child_by_field_id(grammar.FIELD_LEFT)
    right = node.child_by_field_id(grammar.FIELD_RIGHT)
    if left is None or right is None:
        return each(draft, node, READ)
    operand = draft.visit(right, READ)
    term = draft.visit(left, WRITE)
    value = draft.term(OP_BINARY, term, operand, node)
    if left.kind_id == grammar.IDENTIFIER:
        draft.bind(BindingKind.AUGMENT, term, value)
    elif left.kind_id == grammar.ATTRIBUTE:
        draft.stored.append((term, draft.scope, value, UNKNOWN_TERM))
    if draft.scope == MODULE_SCOPE and draft.text(left) == exports.NAME:
        exports.note(draft, right)
    return value


def named_expression(draft: Draft, node: Node, _role: int) -> int:
    """`(a := value)`, which binds in the function around a comprehension."""
    children = node.children
    value = draft.visit(children[-1], READ)
    term = draft.visit(children[0], WRITE)
    inner = scope = draft.scope
    while draft.scopes[scope][0] == ScopeKind.COMPREHENSION:
        scope = draft.scopes[scope][1]
    draft.scope = scope
    if draft.ops[term] == OP_NAME:
        draft.bind(BindingKind.ASSIGN, term, value)
        targets.add_variable(draft, term, node, UNKNOWN_TERM)
    draft.scope = inner
    return value


def type_alias(draft: Draft, node: Node, _role: int) -> int:
    """`type A[T] = value`."""
    left = node.child_by_field_id(grammar.FIELD_LEFT)
    right = node.child_by_field_id(grammar.FIELD_RIGHT)
    if left is None or right is None:
        return each(draft, node, READ)
    name = left
    while name.kind_id != grammar.IDENTIFIER and name.children:
        name = name.children[0]
    place = len(draft.symbols)
    term = draft.occurrence(OP_NAME, name, draft.scope, DEFINITION)
    targets.add_variable(draft, term, node, UNKNOWN_TERM, SymbolKind.TYPE_ALIAS)
    symbol = place if len(draft.symbols) > place else -1
    before = draft.open_scope(ScopeKind.TYPE_PARAMETERS, symbol, name.end_byte, node.end_byte)
    for wrapped in left.named_children:
        for child in wrapped.named_children:
            if child.kind_id == grammar.TYPE_PARAMETER:
                type_parameters(draft, child)
    value = draft.visit(right, ANNOTATION)
    draft.scope = before
    draft.bind(BindingKind.TYPE_ALIAS, term, value)
    return UNKNOWN_TERM


def type_parameters(draft: Draft, node: Node) -> None:
    """Bind the names in `[T: bound, *Ts, **P]` in the current scope."""
    for child in node.named_children:
        inner = child.named_children[0] if child.named_children else child
        bound = UNKNOWN_TERM
        if inner.kind_id == grammar.CONSTRAINED_TYPE:
            bound = draft.visit(inner.named_children[-1], ANNOTATION)
        while inner.kind_id != grammar.IDENTIFIER and inner.named_children:
            inner = inner.named_children[0]
        if inner.kind_id == grammar.IDENTIFIER:
            term = draft.occurrence(OP_NAME, inner, draft.scope, DEFINITION)
            draft.bind(BindingKind.TYPE_PARAMETER, term, UNKNOWN_TERM, bound)


def delete_statement(draft: Draft, node: Node, _role: int) -> int:
    """`del a, b.c, d[0]`."""
    todo = list(reversed(node.named_children))
    while todo:
        target = todo.pop()
        if target.kind_id == grammar.IDENTIFIER:
            draft.bind(BindingKind.DELETE, draft.visit(target, WRITE))
        elif target.kind_id in _GROUPS:
            todo += reversed(target.named_children)
        else:
            draft.visit(target, WRITE if target.kind_id == grammar.ATTRIBUTE else READ)
    return UNKNOWN_TERM


def global_statement(draft: Draft, node: Node, _role: int) -> int:
    """`global a, b`."""
    return _declare_names(draft, node, BindingKind.GLOBAL)


def nonlocal_statement(draft: Draft, node: Node, _role: int) -> int:
    """`nonlocal a, b`."""
    return _declare_names(draft, node, BindingKind.NONLOCAL)


def return_statement(draft: Draft, node: Node, _role: int) -> int:
    """`return value`."""
    values = draft.visit_each(node.children, READ)
    draft.returned.append(values[-1] if values else draft.constant(b"None", node))
    return UNKNOWN_TERM


def yield_(draft: Draft, node: Node, _role: int) -> int:
    """`yield value` and `yield from values`; what comes back is not known."""
    children = node.children
    values = draft.visit_each(children, READ)
    value = values[-1] if values else draft.constant(b"None", node)
    if len(children) > 1 and children[1].kind_id == grammar.FROM:
        value = draft.term(OP_ELEMENT, value, 0, node)
    draft.yielded.append(value)
    return UNKNOWN_TERM


def if_statement(draft: Draft, node: Node, _role: int) -> int:
    """`if`, `elif` and `else`."""
    n_checks = len(draft.checks)
    each(draft, node, READ)
    if len(draft.checks) > n_checks:
        _narrow_branches(draft, node)
    return UNKNOWN_TERM


def while_statement(draft: Draft, node: Node, _role: int) -> int:
    """`while`."""
    n_checks = len(draft.checks)
    each(draft, node, READ)
    if len(draft.checks) > n_checks:
        test = node.child_by_field_id(grammar.FIELD_CONDITION)
        body = node.child_by_field_id(grammar.FIELD_BODY)
        if test is not None and body is not None:
            narrow(draft, test, (body.start_byte, body.end_byte), holds=True)
    return UNKNOWN_TERM


def assert_statement(draft: Draft, node: Node, _role: int) -> int:
    """`assert test`, which holds to the end of the block."""
    n_checks = len(draft.checks)
    each(draft, node, READ)
    if len(draft.checks) > n_checks:
        narrow(draft, node.named_children[0], (node.end_byte, draft.block_end), holds=True)
    return UNKNOWN_TERM


def for_statement(draft: Draft, node: Node, _role: int) -> int:
    """`for target in values`."""
    left = node.child_by_field_id(grammar.FIELD_LEFT)
    right = node.child_by_field_id(grammar.FIELD_RIGHT)
    if left is None or right is None:
        return each(draft, node, READ)
    values = draft.visit(right, READ)
    targets.bind(draft, left, draft.term(OP_ELEMENT, values, 0, left))
    for child in node.children:
        if child.kind_id in grammar.BLOCKS or child.kind_id == grammar.ELSE_CLAUSE:
            draft.visit(child, READ)
    return UNKNOWN_TERM


def with_statement(draft: Draft, node: Node, _role: int) -> int:
    """`with value as target`."""
    is_async = int(node.children[0].kind_id == grammar.ASYNC)
    for child in node.children:
        if child.kind_id != grammar.WITH_CLAUSE:
            draft.visit(child, READ)
            continue
        for item in child.named_children:
            value = item.child_by_field_id(grammar.FIELD_VALUE)
            if value is not None and value.kind_id in grammar.AS_PATTERNS:
                _bind_as(draft, value, OP_ENTER, is_async)
            elif value is not None:
                draft.visit(value, READ)
    return UNKNOWN_TERM


def except_clause(draft: Draft, node: Node, _role: int) -> int:
    """`except value as target`."""
    is_group = int(any(child.kind_id in grammar.STARS for child in node.children))
    for child in node.children:
        if child.kind_id in grammar.AS_PATTERNS:
            _bind_as(draft, child, OP_CAUGHT, is_group)
        else:
            draft.visit(child, READ)
    return UNKNOWN_TERM


def as_pattern(draft: Draft, node: Node, _role: int) -> int:
    """`value as target` in a place where it is not expected."""
    return _bind_as(draft, node, OP_ENTER, 0)


def print_statement(draft: Draft, node: Node, _role: int) -> int:
    """`print x` and `exec x` of Python 2; `print >> x` and `exec` may be names of today."""
    word = node.children[0]
    draft.occurrence(OP_NAME, word, draft.scope, READ)
    return each(draft, node, READ)


def _declare(draft: Draft, left: Node, annotation: int, whole: Node) -> None:
    if left.kind_id == grammar.IDENTIFIER:
        term = draft.occurrence(OP_NAME, left, draft.scope, WRITE)
        draft.bind(BindingKind.DECLARE, term, UNKNOWN_TERM, annotation)
        targets.add_variable(draft, term, whole, annotation)
    elif left.kind_id == grammar.ATTRIBUTE:
        targets.store(draft, left, UNKNOWN_TERM, annotation, whole=whole)
    else:
        draft.visit(left, READ)


def _bind_alias(draft: Draft, left: Node, value: int, whole: Node) -> None:
    term = draft.occurrence(OP_NAME, left, draft.scope, WRITE)
    draft.bind(BindingKind.TYPE_ALIAS, term, value)
    targets.add_variable(draft, term, whole, UNKNOWN_TERM, SymbolKind.TYPE_ALIAS)


def _declare_names(draft: Draft, node: Node, kind: BindingKind) -> int:
    for child in node.named_children:
        if child.kind_id == grammar.IDENTIFIER:
            draft.bind(kind, draft.visit(child, DECLARE))
    return UNKNOWN_TERM


def _bind_as(draft: Draft, node: Node, op: int, b: int) -> int:
    alias = node.child_by_field_id(grammar.FIELD_ALIAS)
    value = draft.visit(node.children[0], READ)
    if alias is not None:
        targets.bind(draft, alias, draft.term(op, value, b, node))
    return value


def _narrow_branches(draft: Draft, node: Node) -> None:
    """Note where the tests of an `if` hold: its branches, and behind it if these leave."""
    previous: list[Node] = []
    for branch in (node, *node.children_by_field_id(grammar.FIELD_ALTERNATIVE)):
        test = branch.child_by_field_id(grammar.FIELD_CONDITION)
        body = branch.child_by_field_id(
            grammar.FIELD_CONSEQUENCE if test is not None else grammar.FIELD_BODY
        )
        if body is None:
            continue
        region = (body.start_byte, body.end_byte)
        for earlier in previous:
            narrow(draft, earlier, region, holds=False)
        if test is None:
            return
        narrow(draft, test, region, holds=True)
        previous.append(test)
    only = node.child_by_field_id(grammar.FIELD_CONSEQUENCE)
    if len(previous) == 1 and leaves(only):
        narrow(draft, previous[0], (node.end_byte, draft.block_end), holds=False)


_GROUPS = grammar.kinds("expression_list", "tuple", "list", "parenthesized_expression")

HANDLERS: dict[str, Handler] = {
    "as_pattern": as_pattern,
    "as_pattern_target": each,
    "assert_statement": assert_statement,
    "assignment": assignment,
    "augmented_assignment": augmented_assignment,
    "block": block,
    "chevron": each,
    "delete_statement": delete_statement,
    "elif_clause": each,
    "else_clause": each,
    "except_clause": except_clause,
    "exec_statement": print_statement,
    "expression_statement": each,
    "finally_clause": each,
    "for_in_clause": each,
    "for_statement": for_statement,
    "global_statement": global_statement,
    "if_clause": each,
    "if_statement": if_statement,
    "module": each,
    "named_expression": named_expression,
    "nonlocal_statement": nonlocal_statement,
    "print_statement": print_statement,
    "raise_statement": each,
    "return_statement": return_statement,
    "try_statement": each,
    "type_alias_statement": type_alias,
    "while_statement": while_statement,
    "with_statement": with_statement,
    "yield": yield_,
}
