"""Strings: the names in f-strings, and in strings that are annotations."""

import re

import tree_sitter
from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.codes import ANNOTATION, INHERIT, OP_NAME, READ
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.types.facts import UNKNOWN_TERM

_QUOTES = (b'"', b"'")
_IDENTIFIER = re.compile(rb"[^\W\d]\w*")
_N_ANNOTATION_BYTES_MAX = 1000
"""A longer string is no annotation that a person wrote."""


def string(draft: Draft, node: Node, role: int) -> int:
    """A literal, or an annotation in quotes."""
    start = node.start_byte
    if draft.source[start : start + 1] in _QUOTES:
        if role in (ANNOTATION, INHERIT):
            return _annotation(draft, node)
        return draft.constant(b"str", node)
    prefix = draft.source[start : start + 3].lower()
    if b"b" in prefix.split(b'"')[0].split(b"'")[0]:
        return draft.constant(b"bytes", node)
    for child in node.children:
        if child.kind_id == grammar.INTERPOLATION:
            draft.visit(child, READ)  # counts how deep strings stand in strings
    return draft.constant(b"str", node)


def concatenated_string(draft: Draft, node: Node, _role: int) -> int:
    """`"a" "b"`."""
    terms = draft.visit_each(node.children, READ)
    return terms[0] if terms else UNKNOWN_TERM


def nested(draft: Draft, node: Node, _role: int) -> int:
    """The part of an f-string behind `:`, which may hold expressions again."""
    draft.visit_each(node.children, READ)
    return UNKNOWN_TERM


def _annotation(draft: Draft, node: Node) -> int:
    contents = [child for child in node.children if child.kind_id == grammar.STRING_CONTENT]
    if len(contents) != 1:
        return draft.constant(b"str", node)
    start, end = contents[0].start_byte, contents[0].end_byte
    text = draft.source[start:end]
    if _IDENTIFIER.fullmatch(text) and text not in _CONSTANTS:
        return draft.add(OP_NAME, draft.names[text], draft.scope, start, ANNOTATION)
    stripped = text.lstrip(b" ")
    if b"\\" in text or b"\n" in text or len(text) > _N_ANNOTATION_BYTES_MAX or not stripped:
        return draft.constant(b"str", node)
    return _parsed(draft, end - len(stripped), end)


def _parsed(draft: Draft, start: int, end: int) -> int:
    """Visit a part of the text as an expression of its own, with the offsets of the whole."""
    parser = tree_sitter.Parser(grammar.LANGUAGE)
    parser.included_ranges = [tree_sitter.Range((0, start), (0, end), start, end)]
    root = parser.parse(draft.source).root_node
    if root.has_error or len(root.children) != 1:
        return UNKNOWN_TERM
    statement = root.children[0]
    if statement.kind_id != grammar.EXPRESSION_STATEMENT or len(statement.children) != 1:
        return UNKNOWN_TERM
    return draft.visit(statement.children[0], ANNOTATION)


_CONSTANTS = (b"None", b"True", b"False")

HANDLERS: dict[str, Handler] = {
    "concatenated_string": concatenated_string,
    "format_expression": nested,
    "format_specifier": nested,
    "interpolation": nested,
    "string": string,
}
