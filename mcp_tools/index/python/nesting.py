"""Texts that are nested so deeply that recursion would not come back."""

from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.codes import OP_ATTRIBUTE, OP_NAME, READ
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.types.facts import UNKNOWN_TERM

DEPTH_MAX = 60
"""Levels that are read with all that they mean; a level takes up to seven calls."""


def guarded(handler: Handler) -> Handler:
    """Give a handler that counts how deep it is, and reads what is deeper as names alone."""

    def visit(draft: Draft, node: Node, role: int) -> int:
        if draft.depth >= DEPTH_MAX:
            return names_alone(draft, node)
        draft.depth += 1
        term = handler(draft, node, role)
        draft.depth -= 1
        return term

    return visit


def names_alone(draft: Draft, node: Node) -> int:
    """Note the names in an expression, without what they have to do with one another."""
    todo = [node]
    while todo:
        node = todo.pop()
        children = node.children
        if node.kind_id == grammar.IDENTIFIER:
            draft.occurrence(OP_NAME, node, draft.scope, READ)
        elif node.kind_id == grammar.ATTRIBUTE and len(children) == 3:
            draft.occurrence(OP_ATTRIBUTE, children[2], UNKNOWN_TERM, READ)
            todo.append(children[0])
        else:
            todo += reversed(children)
    return UNKNOWN_TERM
