"""Where a test such as `isinstance(name, classes)` holds."""

from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.draft import Draft


def narrow(draft: Draft, test: Node, region: tuple[int, int], *, holds: bool) -> None:
    """Note that the tests within an expression hold in a region, or that they do not.

    `holds` tells which: true behind `if test:`, false behind `if not test:`.
    """
    start, end = region
    todo = [(test, holds)]
    while todo and start < end:
        node, is_true = todo.pop()
        kind = node.kind_id
        if kind == grammar.NOT_OPERATOR:
            todo += [(child, not is_true) for child in node.named_children]
        elif kind == grammar.PARENTHESIZED:
            todo += [(child, is_true) for child in node.named_children]
        elif kind == grammar.BOOLEAN_OPERATOR:
            is_and = any(child.kind_id == grammar.AND for child in node.children)
            if is_and == is_true:
                todo += [(child, is_true) for child in node.named_children]
        elif kind in (grammar.CALL, grammar.COMPARISON):
            check = draft.checks.get(node.start_byte)
            if check is not None and check.holds == is_true:
                row = (draft.scope, check.name, check.classes, start, end)
                draft.narrowings.append(row)


def leaves(block: Node | None) -> bool:
    """Tell whether a block ends by leaving the block around it."""
    if block is None or not block.children:
        return False
    statements = [child for child in block.children if child.kind_id != grammar.COMMENT]
    return bool(statements) and statements[-1].kind_id in grammar.EXITS
