"""What `__all__` says."""

from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.codes import EXPORT, OP_ATTRIBUTE, OP_NAME
from mcp_tools.index.python.draft import Draft
from mcp_tools.types.facts import MODULE_SCOPE

NAME = b"__all__"


def note(draft: Draft, node: Node) -> None:
    """Note the strings of a list or tuple that `__all__` is made of; `+` joins several."""
    todo = [node]
    if draft.exports is None:
        draft.exports = []
    while todo:
        node = todo.pop()
        if node.kind_id in (grammar.LIST, grammar.TUPLE):
            note_items(draft, node)
        elif node.kind_id in (grammar.BINARY_OPERATOR, grammar.PARENTHESIZED):
            todo += reversed(node.named_children)
        elif node.kind_id != grammar.COMMENT:
            draft.is_export_open = True


def note_items(draft: Draft, node: Node) -> None:
    """Note the strings among the children of a node as names that are exported."""
    if draft.exports is None:
        draft.exports = []
    for child in node.named_children:
        if child.kind_id != grammar.COMMENT:
            _note_item(draft, draft.exports, child)


def is_method_of_exports(draft: Draft, called: int) -> bool:
    """Tell whether a called term is a method of `__all__`."""
    if draft.ops[called] != OP_ATTRIBUTE:
        return False
    base = draft.b[called]
    is_global = draft.ops[base] == OP_NAME and draft.b[base] == MODULE_SCOPE
    return is_global and draft.a[base] == draft.names.get(NAME)


def _note_item(draft: Draft, names: list[int], node: Node) -> None:
    contents = [c for c in node.children if c.kind_id == grammar.STRING_CONTENT]
    text = draft.text(contents[0]) if len(contents) == 1 else b""
    is_plain = draft.text(node)[:1] in (b'"', b"'")
    if not is_plain or not text.decode("utf-8").isidentifier():
        draft.is_export_open = True
        return
    number = draft.names[text]
    names.append(number)
    draft.add(OP_NAME, number, MODULE_SCOPE, contents[0].start_byte, EXPORT)
