"""The lines that a definition takes up, with what belongs to it."""

import re
from dataclasses import dataclass

from mcp_tools.types.documents import Document
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import Facts, Symbol, SymbolKind
from mcp_tools.types.text import LineIndex, Span

BLOCK_KINDS = frozenset(
    {SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY}
)
"""Definitions that have a body of their own."""
_NOT_A_REMARK = re.compile(r"#!|#.*coding[:=]|#\s*(?:type: ignore|%%|region|endregion|\Z)")
_TEXTS = (
    r'"""(?:[^\\]|\\.)*?"""',
    r"'''(?:[^\\]|\\.)*?'''",
    r'"(?:[^"\\\r\n]|\\.)*"',
    r"'(?:[^'\\\r\n]|\\.)*'",
)
_DOCSTRING = re.compile(
    rf"[rRuU]?(?:{'|'.join(_TEXTS)})[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)", re.DOTALL
)
"""A text that stands alone below a variable, and is about it."""
_NOTHING_MORE = re.compile(r"[ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whole lines of a definition."""

    span: Span
    """From the start of its first line to the end of its last one, without the line end."""
    header: int
    """Where its own text starts: `def`, `class` or the name, without decorators."""
    first_line: int
    """Of `span`; if asked for, comments directly above and the text below a variable are in it."""
    last_line: int
    indent: str


def block_of(document: Document, facts: Facts, symbol: int, *, with_comments: bool) -> Block:
    """Give the lines of a definition, decorators included.

    Raises: InvalidEdit if other code stands on these lines.
    """
    row, lines = facts.symbols[symbol], document.lines
    first = lines.place(row.start).line
    last = lines.place(row.end).line
    line_start = lines.line_span(first).start
    indent = document.text[line_start : row.start]
    line_end = lines.line_span(last).end
    rest = document.text[row.end : line_end]
    if indent.strip() or not _NOTHING_MORE.fullmatch(rest) or _has_company(facts, symbol):
        name = facts.names[row.name]
        raise InvalidEdit(
            f"{name!r} shares line {first + 1} with other code; edit the line with edit_file"
        )
    if with_comments:
        first = _first_remark(lines, first, indent)
    if with_comments and row.kind not in BLOCK_KINDS:
        last = _last_of_docstring(document, last, indent)
        line_end = lines.line_span(last).end
    return Block(
        span=Span(lines.line_span(first).start, line_end),
        header=_header(document, row),
        first_line=first,
        last_line=last,
        indent=indent,
    )


def _header(document: Document, row: Symbol) -> int:
    if row.kind not in BLOCK_KINDS:
        return row.start
    line = document.lines.line_text(document.lines.place(row.name_start).line)
    start = document.lines.line_span(document.lines.place(row.name_start).line).start
    return start + len(line) - len(line.lstrip())


def _has_company(facts: Facts, symbol: int) -> bool:
    """Tell whether another definition is made by the same statement: `a, b = 1, 2`."""
    row = facts.symbols[symbol]
    if row.kind in BLOCK_KINDS:
        return False
    return any(
        other.start < row.end and row.start < other.end and other.parent == row.parent
        for number, other in enumerate(facts.symbols)
        if number != symbol and other.kind is not SymbolKind.LAMBDA
    )


def _first_remark(lines: LineIndex, first: int, indent: str) -> int:
    """Give the first of the comment lines that stand directly above a line."""
    while first > 0:
        above = lines.line_text(first - 1)
        is_remark = above.startswith(f"{indent}#") and not _NOT_A_REMARK.match(above.strip())
        if not is_remark:
            break
        first -= 1
    return first


def _last_of_docstring(document: Document, last: int, indent: str) -> int:
    """Give the last line of the text below a variable's line; that line if there is none."""
    lines = document.lines
    if last + 1 >= lines.n_lines or not lines.line_text(last + 1).startswith(indent):
        return last
    found = _DOCSTRING.match(document.text, lines.line_span(last + 1).start + len(indent))
    return last if found is None else lines.place(found.end()).line
