"""What can be understood of a text with syntax errors."""

import keyword
import re
from collections.abc import Iterator

from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.codes import NO_ROLE, READ
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.types.facts import MODULE_SCOPE, UNKNOWN_TERM


def error(draft: Draft, node: Node, _role: int) -> int:
    """What could not be parsed; there may be whole statements in it."""
    draft.errors_read.add(node.id)
    draft.visit_each(node.children, READ)
    return UNKNOWN_TERM


def without_loose_ends(source: bytes, root: Node) -> bytes | None:
    """Give the source with blanks for brackets never closed, and for dots with no name behind.

    While somebody types `f(` or `self.`, the definitions below would count as what comes next.
    Only what stands before the line of a definition is taken for one; None if there is nothing.
    """
    places = [place for node in _errors(root) for place in _open_brackets(source, node)]
    places += [match.start() for match in _LOOSE_DOT.finditer(source)]
    if not places:
        return None
    repaired = bytearray(source)
    for place in places:
        repaired[place] = ord(" ")
    return bytes(repaired)


def read_left_out(draft: Draft, root: Node) -> None:
    """Read the errors that no handler came by, because they stand where nothing is expected."""
    for node in _errors(root):
        if node.id not in draft.errors_read:
            draft.scope = _scope_at(draft, node.start_byte)
            draft.symbol = draft.scopes[draft.scope][2]
            draft.visit(node, READ)


def forget_keywords(draft: Draft) -> None:
    """Let keywords be no occurrences, which the parser may take for names near an error."""
    found = {draft.names[word] for word in _KEYWORDS if word in draft.names}
    for term, name in enumerate(draft.a):
        if name in found:
            draft.roles[term] = NO_ROLE


def _errors(root: Node) -> Iterator[Node]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.has_error:
            if node.kind_id == grammar.ERROR:
                yield node
            todo += reversed(node.children)


def _open_brackets(source: bytes, error_node: Node) -> list[int]:
    opened: list[int] = []
    for child in error_node.children:
        text = source[child.start_byte : child.end_byte]
        if text in _OPENING:
            opened.append(child.start_byte)
        elif text in _CLOSING and opened:
            opened.pop()
    if opened and not _DEFINITION.search(source, opened[0], error_node.end_byte):
        return []
    return opened


def _scope_at(draft: Draft, offset: int) -> int:
    """Give the innermost scope around a place; inner scopes come after outer ones."""
    found = MODULE_SCOPE
    for number, (_, _, _, start, end) in enumerate(draft.scopes):
        if start <= offset < end:
            found = number
    return found


_KEYWORDS = frozenset(word.encode() for word in keyword.kwlist)
_OPENING = (b"(", b"[", b"{")
_CLOSING = (b")", b"]", b"}")
_START = rb"[ \t]*(?:(?:async[ \t]+def|def|class)[ \t]+\w|@\w)"
_DEFINITION = re.compile(rb"^" + _START, re.MULTILINE)
_LOOSE_DOT = re.compile(rb"(?<=[A-Za-z_)\]])\.(?=[ \t]*\r?\n" + _START + rb")")

HANDLERS: dict[str, Handler] = {"ERROR": error}
