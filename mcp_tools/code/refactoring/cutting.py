"""Taking definitions out of their files."""

from dataclasses import replace

from mcp_tools.code.refactoring.blocks import Block, block_of
from mcp_tools.code.refactoring.draft import Draft, is_sound
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE
from mcp_tools.types.text import Span
from mcp_tools.workspace.diffs import apply_edits


def blocks_of(draft: Draft, target: Target) -> dict[str, list[Block]]:
    """Give the lines of all definitions of a target, by file and in the order of the text.

    Raises: InvalidEdit if it is no definition of its own, or other code stands on its lines.
    """
    found: dict[str, list[Block]] = {}
    declarations = Resolver(draft.codebase).declarations(target)
    if target.scope == MODULE or not declarations:
        raise InvalidEdit("expected a function, a class or a variable, got a module")
    for declaration in declarations:
        facts = draft.facts(declaration.file)
        if declaration.symbol == NONE:
            raise InvalidEdit(
                f"{target.name!r} is a parameter, a local variable, or bound again at offset "
                f"{facts.starts[declaration.term]} of {declaration.file!r}; edit it with edit_file"
            )
        document = draft.document(declaration.file)
        block = block_of(document, facts, declaration.symbol, with_comments=True)
        found.setdefault(declaration.file, []).append(block)
    return {file: sorted(set(blocks), key=_start) for file, blocks in found.items()}


def is_within(file: str, offset: int, blocks: dict[str, list[Block]]) -> bool:
    """Tell whether a place lies in one of the blocks."""
    return any(block.span.start <= offset < block.span.end for block in blocks.get(file, ()))


def cut(draft: Draft, blocks: dict[str, list[Block]]) -> None:
    """Remove the lines of blocks in a draft, with the blank lines that would be left over."""
    for file, rows in blocks.items():
        document = draft.document(file)
        spans = [_with_blank_lines(document, block) for block in _joined(document, rows)]
        edits = tuple(TextEdit(span, "") for span in spans)
        after = apply_edits(document.text, edits)
        if is_sound(document.path, document.text) and not is_sound(document.path, after):
            for block in rows:
                draft.replace(file, block.span, f"{block.indent}pass")
        else:
            for span in spans:
                draft.replace(file, span, "")


def _joined(document: Document, blocks: list[Block]) -> list[Block]:
    """Give blocks, those with blank lines alone between them as one."""
    found: list[Block] = []
    for block in blocks:
        above = found[-1] if found else None
        if above is not None and not document.text[above.span.end : block.span.start].strip():
            found[-1] = replace(
                above, span=Span(above.span.start, block.span.end), last_line=block.last_line
            )
        else:
            found.append(block)
    return found


def _start(block: Block) -> int:
    return block.span.start


def _with_blank_lines(document: Document, block: Block) -> Span:
    """Give the lines of a block, and the blank lines after it, or at the end those before it.

    The blank lines after it stay if they part what stands directly above it from what follows.
    """
    lines = document.lines
    first, last = block.first_line, block.last_line + 1
    is_parted = first == 0 or not lines.line_text(first - 1).strip()
    while is_parted and last < lines.n_lines and not lines.line_text(last).strip():
        last += 1
    is_last = last >= lines.n_lines or _indent_of(lines.line_text(last)) < len(block.indent)
    if is_last:
        last = block.last_line + 1
        while first > 0 and not lines.line_text(first - 1).strip():
            first -= 1
    start = lines.line_span(first).start
    end = lines.line_span(last).start if last < lines.n_lines else len(document.text)
    return Span(start, end)


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())
