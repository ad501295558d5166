"""Where nodes of Python's syntax tree stand in a document."""

import ast

from mcp_tools.types.documents import Document
from mcp_tools.types.text import Place, Span


def offset_of(document: Document, line_number: int, utf8_column: int) -> int:
    """Give the offset of a line (from 1) and a column in UTF-8 bytes."""
    line = document.lines.line_text(line_number - 1)
    if line.isascii():
        return document.lines.offset(Place(line_number - 1, utf8_column))
    column = len(line.encode("utf-8")[:utf8_column].decode("utf-8", "ignore"))
    return document.lines.offset(Place(line_number - 1, column))


def end_of(document: Document, node: ast.expr) -> int:
    """Give the offset of a node's end."""
    return offset_of(document, node.end_lineno or node.lineno, node.end_col_offset or 0)


def start_of(document: Document, node: ast.expr | ast.stmt) -> int:
    """Give the offset of a node's start."""
    return offset_of(document, node.lineno, node.col_offset)


def name_span(document: Document, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Span:
    """Give where the name of a function stands in its definition."""
    start = document.text.find(function.name, start_of(document, function) + len("def"))
    if start < 0:
        return Span(start_of(document, function), start_of(document, function))
    return Span(start, start + len(function.name))
