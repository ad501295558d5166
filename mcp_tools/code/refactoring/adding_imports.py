"""New import statements at the top of a file."""

import ast
from collections.abc import Sequence

from mcp_tools.code.diagnostics.syntax import parse_python
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.code.refactoring.import_statements import ImportStatement, imports_of
from mcp_tools.types.documents import Document
from mcp_tools.types.text import Span

FUTURE = "from __future__ import annotations"


def add_imports(
    draft: Draft, file: str, statements: Sequence[str], guarded: Sequence[str] = ()
) -> None:
    """Put import statements behind those at the top of a file, `guarded` under TYPE_CHECKING.

    Statements that are there already are left out. `from __future__` goes first.
    Raises: InvalidEdit if the file has a syntax error.
    """
    document = draft.document(file)
    present = imports_of(document)
    known = {line for each in present for line in _lines(each) if not each.indent}
    wanted = [line for line in dict.fromkeys(statements) if line not in known]
    if FUTURE in wanted:
        wanted.remove(FUTURE)
        _insert_future(draft, file, present)
    within = [line for line in dict.fromkeys(guarded) if line not in known]
    within = [line for line in within if line not in {*wanted, *_guarded_lines(present)}]
    if not wanted and not within:
        return
    body = block_of_imports(wanted, within, has_guard=_imports_guard(present))
    place, is_after_code = _place(document, present)
    if place == 0:
        gap = "\n" if present else "\n\n\n"
        draft.replace(file, Span(0, 0), f"{body}{gap}" if document.text.strip() else f"{body}\n")
    else:
        draft.replace(file, Span(place, place), f"\n{body}" if is_after_code else f"\n\n{body}")


def block_of_imports(wanted: Sequence[str], guarded: Sequence[str], *, has_guard: bool) -> str:
    """Give import statements as lines, those under TYPE_CHECKING last."""
    lines = list(wanted)
    if guarded:
        if not has_guard:
            lines.append("from typing import TYPE_CHECKING")
        lines += ["", "if TYPE_CHECKING:", *(f"    {line}" for line in guarded)]
    return "\n".join(lines)


def has_future(document: Document) -> bool:
    """Tell whether the annotations of a file are never evaluated, by its first import."""
    return any(FUTURE in _lines(statement) for statement in imports_of(document))


def _lines(statement: ImportStatement) -> list[str]:
    if statement.module is None:
        return [f"import {name.source}" for name in statement.names]
    return [f"from {statement.module} import {name.source}" for name in statement.names]


def _guarded_lines(present: Sequence[ImportStatement]) -> set[str]:
    return {line for each in present if each.is_guarded for line in _lines(each)}


def _imports_guard(present: Sequence[ImportStatement]) -> bool:
    return "from typing import TYPE_CHECKING" in {line for each in present for line in _lines(each)}


def _insert_future(draft: Draft, file: str, present: Sequence[ImportStatement]) -> None:
    document = draft.document(file)
    place, _ = _place(document, ())
    start = present[0].span.start if present else None
    if start is not None and not present[0].indent and start >= place:
        draft.replace(file, Span(start, start), f"{FUTURE}\n\n")
    elif place == 0:
        draft.replace(file, Span(0, 0), f"{FUTURE}\n\n")
    else:
        draft.replace(file, Span(place, place), f"\n\n{FUTURE}")


def _place(document: Document, present: Sequence[ImportStatement]) -> tuple[int, bool]:
    """Give where new imports go, and whether that is behind another import.

    It is the end of a line, or the start of the text.
    """
    limit = _first_definition(document)
    tops = [s for s in present if not s.indent and not s.is_guarded and s.span.start < limit]
    if tops:
        return _line_end(document, tops[-1].span.end), True
    tree = parse_python(document)
    if (
        isinstance(tree, ast.Module)
        and tree.body
        and ast.get_docstring(tree, clean=False) is not None
    ):
        end_line = tree.body[0].end_lineno or 1
        return document.lines.line_span(end_line - 1).end, False
    line = 0
    while line < document.lines.n_lines and document.lines.line_text(line).startswith("#"):
        line += 1
    return (document.lines.line_span(line - 1).end, False) if line else (0, False)


def _first_definition(document: Document) -> int:
    tree = parse_python(document)
    for statement in tree.body if isinstance(tree, ast.Module) else ():
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            decorators = [node.lineno for node in statement.decorator_list]
            return document.lines.line_span(min([statement.lineno, *decorators]) - 1).start
    return len(document.text) + 1


def _line_end(document: Document, offset: int) -> int:
    return document.lines.line_span(document.lines.place(offset).line).end
