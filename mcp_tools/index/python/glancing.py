"""One name in a Python text, at the price of parsing it.

Most files that name a thing import it at their top and then use the bare name. There each place
means what is imported, whatever else the file says; so a question about one name need not wait
for the facts of such a file, which cost three times as much.

A glance is for these files alone. It gives up where there is any doubt: syntax errors; a second
import, or one with `as`, of a module, or in a function; anything that binds the name anew; the
name behind a dot, as an argument's name, in a string that is no docstring; and any kind of
expression that is not in the tables below. What it gives is then what the facts would say:
`tests/mcp_tools/index/python/test_glancing.py` compares both.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import tree_sitter
from tree_sitter import Node

from mcp_tools.index.python import grammar
from mcp_tools.index.python.imports import module_as_written
from mcp_tools.index.python.offsets import source_of
from mcp_tools.types.glances import Glance

_NAME = re.compile(rb"[A-Za-z_][A-Za-z_0-9]*")
_IMPORTED = re.compile(rb"\bimport[\w\s,(\\]+\Z")
"""What stands before an imported name, from the import on."""
_BOUND = re.compile(rb"(?:\.|\b(?:as|class|def|global))\s*\Z")
"""What stands before a name that is an attribute, or bound."""
_GIVEN = re.compile(rb"\s*=[^=]")
"""What stands behind a name that gets a value, and behind an annotation."""
_ANNOTATES = re.compile(rb":\s*\Z")
_N_NEAR = 40
"""So many bytes before a name show whether it is one of these."""


def glance(text: str, name: str) -> Glance | None:
    """Give the places of a name that the text imports and uses; None if only facts can tell."""
    source, word = source_of(text), name.encode("utf-8", "replace")
    spans = list(_spans(source, word)) if _NAME.fullmatch(word) else []
    if not spans or _is_in_vain(source, spans):
        return None
    root = tree_sitter.Parser(grammar.LANGUAGE).parse(source).root_node
    if root.has_error:
        return None
    module = ""
    starts: list[int] = []
    for span in spans:
        node = root.descendant_for_byte_range(*span)
        if node is not None and _is_prose(node):
            continue
        if node is None or not _is_just_name(node, span):
            return None
        if not _is_read(node):
            imported_from = _imported_from(source, node)
            if not imported_from or module:
                return None
            module = imported_from
        starts.append(node.start_byte)
    return Glance(module, _places(source, starts)) if module else None


def _spans(source: bytes, word: bytes) -> Iterator[tuple[int, int]]:
    """Give where a name stands in the bare text, without longer names that it is a part of."""
    start = source.find(word)
    while start >= 0:
        end = start + len(word)
        if not _is_letter(source[start - 1 : start]) and not _is_letter(source[end : end + 1]):
            yield start, end
        start = source.find(word, end)


def _is_letter(byte: bytes) -> bool:
    return byte.isalnum() or byte == b"_"


def _is_in_vain(source: bytes, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether the bare text shows that a glance would give up, so that it is not parsed."""
    for start, end in spans:
        near = max(start - _N_NEAR, 0)
        if _BOUND.search(source, near, start):
            return True
        if _GIVEN.match(source, end) and not _ANNOTATES.search(source, near, start):
            return True
    imports = ((source.rfind(b"import", 0, start), start) for start, _ in spans)
    return not any(at >= 0 and _IMPORTED.match(source, at, start) for at, start in imports)


def _is_just_name(node: Node, span: tuple[int, int]) -> bool:
    return node.kind_id == grammar.IDENTIFIER and (node.start_byte, node.end_byte) == span


def _is_prose(node: Node) -> bool:
    """Tell whether a node is a comment, or in a string that is a statement of its own."""
    if node.kind_id == grammar.COMMENT:
        return True
    string = node.parent if node.kind_id == grammar.STRING_CONTENT else None
    statement = string.parent if string is not None else None
    return statement is not None and statement.kind_id == grammar.EXPRESSION_STATEMENT


def _is_read(node: Node) -> bool:
    """Tell whether a name stands where it can only be read."""
    parent = node.parent
    while parent is not None and parent.kind_id in _GROUPS:
        node, parent = parent, parent.parent
    if parent is None:
        return False
    kind = parent.kind_id
    if kind == grammar.TYPE:
        return parent.parent is not None and parent.parent.kind_id in _ANNOTATED
    if kind in _READ_FIRST:
        return node.start_byte == parent.start_byte
    if kind in _READ_LAST:
        return node.end_byte == parent.end_byte and node.start_byte > parent.start_byte
    return kind in _READ


def _imported_from(source: bytes, node: Node) -> str:
    """Give the module that a name is imported from at the top; empty if it is no such name."""
    name = node.parent
    statement = name.parent if name is not None else None
    if name is None or statement is None or statement.kind_id != grammar.IMPORT_FROM:
        return ""
    module = statement.child_by_field_id(grammar.FIELD_MODULE_NAME)
    if module is None or name.start_byte < module.end_byte or name.named_child_count != 1:
        return ""
    around = statement.parent
    while around is not None:
        if around.kind_id in _SCOPES:
            return ""
        around = around.parent
    return module_as_written(source, module).decode("utf-8")


def _places(source: bytes, starts: list[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    line = 0
    for before, start in pairwise([0, *starts]):
        line += source.count(b"\n", before, start)
        line_start = source.rfind(b"\n", 0, start) + 1
        found.append((line, len(source[line_start:start].decode("utf-8"))))
    return tuple(found)


_GROUPS = grammar.kinds(
    "expression_list",
    "generic_type",
    "list",
    "parenthesized_expression",
    "tuple",
    "union_type",
)
"""What may also bind, as a target of `=` or `del`, or in `type`: what is around it decides."""
_READ = grammar.kinds(
    "argument_list",
    "assert_statement",
    "await",
    "binary_operator",
    "boolean_operator",
    "comparison_operator",
    "conditional_expression",
    "decorator",
    "elif_clause",
    "except_clause",
    "expression_statement",
    "if_clause",
    "if_statement",
    "interpolation",
    "list_splat",
    "not_operator",
    "pair",
    "raise_statement",
    "return_statement",
    "subscript",
    "unary_operator",
    "while_statement",
    "with_item",
    "yield",
)
_READ_FIRST = grammar.kinds("attribute", "call")
_READ_LAST = grammar.kinds(
    "assignment", "default_parameter", "keyword_argument", "typed_default_parameter"
)
_ANNOTATED = grammar.kinds(
    "assignment", "function_definition", "typed_default_parameter", "typed_parameter"
)
_SCOPES = grammar.kinds("class_definition", "function_definition", "lambda")
