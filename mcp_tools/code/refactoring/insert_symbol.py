"""A new definition before or after another one."""

from enum import StrEnum

from mcp_tools.code.refactoring.blocks import BLOCK_KINDS, Block, block_of
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.code.refactoring.fitting import fitted, statements_of
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE, Facts
from mcp_tools.types.text import Span

_MAX_BLANK_LINES = 2


class Side(StrEnum):
    """Where a new definition goes."""

    BEFORE = "before"
    AFTER = "after"


def insert_symbol(
    codebase: CodebaseView, file: str, symbol: int, source: str, side: Side
) -> Refactoring:
    """Put source before or after a definition; `symbol` is its number in the file's facts.

    The source gets the indentation of the definition, and as many blank lines around it as
    there are between its neighbours: without any, two at the top of a file and one in a class.
    Raises: InvalidEdit if the source has a syntax error; NotFound.
    """
    draft = Draft(codebase)
    facts = draft.facts(file)
    document = draft.document(file)
    block = block_of(document, facts, symbol, with_comments=True)
    text = fitted(document, source, block.indent)
    if not statements_of(document, fitted(document, source, "")):
        raise InvalidEdit("expected source for a definition, got comments alone")
    gap = "\n" * (1 + blank_lines(document, facts, symbol, block, is_block=_is_block(text)))
    if side is Side.BEFORE:
        draft.replace(file, Span(block.span.start, block.span.start), text + gap)
    else:
        draft.replace(file, Span(block.span.end, block.span.end), gap + text)
    name = facts.names[facts.symbols[symbol].name]
    return draft.finish(f"Insert {side.value} {name}")


def blank_lines(
    document: Document, facts: Facts, symbol: int, block: Block, *, is_block: bool
) -> int:
    """Give how many blank lines go between a definition and a new one beside it.

    `is_block` tells whether the new one has a body.
    """
    row = facts.symbols[symbol]
    if not is_block and row.kind not in BLOCK_KINDS:
        return 0
    gaps = _gaps(document, facts, symbol, block)
    usual = 2 if row.parent == NONE and not block.indent else 1
    return min(max(gaps), _MAX_BLANK_LINES) if gaps else usual


def _gaps(document: Document, facts: Facts, symbol: int, block: Block) -> list[int]:
    """Give the numbers of blank lines between a definition with a body and its like."""
    row = facts.symbols[symbol]
    if row.kind not in BLOCK_KINDS:
        return []
    lines, gaps = document.lines, list[int]()
    for other in facts.symbols:
        if other.kind not in BLOCK_KINDS or other.parent != row.parent or other is row:
            continue
        above = block.first_line - lines.place(other.end).line - 1
        below = lines.place(other.start).line - block.last_line - 1
        for count, start in ((above, block.first_line - above), (below, block.last_line + 1)):
            between = range(start, start + count)
            if count >= 0 and not any(lines.line_text(line).strip() for line in between):
                gaps.append(count)
    return gaps


def _is_block(text: str) -> bool:
    return text.lstrip().startswith(("@", "def ", "class ", "async ", "#"))
