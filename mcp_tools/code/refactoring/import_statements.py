"""The import statements of a file, and edits of them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mcp_tools.code.diagnostics.syntax import parse_python
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import Span

_REST_OF_LINE = re.compile(r"[ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedName:
    """One name of an import statement."""

    name: str
    """As it is called where it comes from; dotted for `import a.b`; `*` for all."""
    alias: str | None
    span: Span
    """The alias included."""

    @property
    def source(self) -> str:
        """What stands in the statement."""
        return f"{self.name} as {self.alias}" if self.alias else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStatement:
    """One `import` or `from ... import` statement."""

    module: str | None
    """Dots in front included; None for a plain `import`."""
    names: tuple[ImportedName, ...]
    span: Span
    indent: str
    is_guarded: bool
    """It stands below `if TYPE_CHECKING`."""
    is_alone: bool
    """It is all that its block has."""


def imports_of(document: Document) -> tuple[ImportStatement, ...]:
    """Give all import statements of a file, in the order of the text.

    Raises: InvalidEdit if the file has a syntax error.
    """
    tree = parse_python(document)
    if not isinstance(tree, ast.Module):
        raise InvalidEdit(
            f"{document.path.name!r} has a syntax error, so its imports cannot be changed; "
            "correct it first"
        )
    return tuple(sorted(_statements(document, tree, is_guarded=False), key=_start))


def statement_at(statements: tuple[ImportStatement, ...], offset: int) -> ImportStatement | None:
    """Give the statement that has an offset in it."""
    for statement in statements:
        if statement.span.start <= offset < statement.span.end:
            return statement
    return None


def name_at(statement: ImportStatement, offset: int) -> ImportedName | None:
    """Give the name of a statement that has an offset in it."""
    for name in statement.names:
        if name.span.start <= offset < name.span.end:
            return name
    return None


def remove_name(draft: Draft, file: str, statement: ImportStatement, name: ImportedName) -> None:
    """Take a name out of a statement; if it is the only one, the statement goes."""
    if len(statement.names) > 1:
        draft.replace(file, _with_comma(statement, name), "")
        return
    if statement.is_alone:
        draft.replace(file, statement.span, "pass")
        return
    document = draft.document(file)
    lines = document.lines
    first, last = lines.place(statement.span.start).line, lines.place(statement.span.end).line
    before = document.text[lines.line_span(first).start : statement.span.start]
    after = document.text[statement.span.end : lines.line_span(last).end]
    if before.strip() or not _REST_OF_LINE.fullmatch(after):
        draft.replace(file, statement.span, "pass")
        return
    end = lines.line_span(last, with_end=True).end
    draft.replace(file, Span(lines.line_span(first).start, end), "")


def redirect_name(
    draft: Draft, file: str, statement: ImportStatement, name: ImportedName, module: str
) -> None:
    """Let one name of a statement be imported from another module."""
    new = f"from {module} import {name.source}"
    if len(statement.names) == 1:
        draft.replace(file, statement.span, new)
        return
    remove_name(draft, file, statement, name)
    document = draft.document(file)
    line_end = document.lines.line_span(document.lines.place(statement.span.end).line).end
    if _REST_OF_LINE.fullmatch(document.text[statement.span.end : line_end]):
        draft.replace(file, Span(line_end, line_end), f"\n{statement.indent}{new}")
    else:
        end = Span(statement.span.end, statement.span.end)
        draft.replace(file, end, f"; {new}")


def _start(statement: ImportStatement) -> int:
    return statement.span.start


def _with_comma(statement: ImportStatement, name: ImportedName) -> Span:
    """Give a name with the comma and white space that go with it."""
    names = statement.names
    index = names.index(name)
    if index + 1 < len(names):
        return Span(name.span.start, names[index + 1].span.start)
    # The comma behind the last name stays, as that of the name before it.
    return Span(names[index - 1].span.end, name.span.end)


def _statements(
    document: Document, node: ast.AST, *, is_guarded: bool
) -> Iterator[ImportStatement]:
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        children = _children(node, field)
        guards = is_guarded or (field == "body" and _is_guard(node))
        is_alone = len(children) == 1 and not isinstance(node, ast.Module)
        for child in children:
            if isinstance(child, ast.Import | ast.ImportFrom):
                yield _statement(document, child, is_guarded=guards, is_alone=is_alone)
            else:
                yield from _statements(document, child, is_guarded=guards)


def _children(node: ast.AST, field: str) -> list[ast.AST]:
    block: list[ast.AST] | ast.AST | None = getattr(node, field, None)
    # The body of a lambda is no list.
    return list(block) if isinstance(block, list) else []


def _is_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _statement(
    document: Document, node: ast.Import | ast.ImportFrom, *, is_guarded: bool, is_alone: bool
) -> ImportStatement:
    module = None
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
    span = _span(document, node)
    line_start = document.lines.line_span(document.lines.place(span.start).line).start
    before = document.text[line_start : span.start]
    return ImportStatement(
        module=module,
        names=tuple(
            ImportedName(name=alias.name, alias=alias.asname, span=_span(document, alias))
            for alias in node.names
        ),
        span=span,
        indent=before if not before.strip() else "",
        is_guarded=is_guarded,
        is_alone=is_alone,
    )


def _span(document: Document, node: ast.stmt | ast.alias) -> Span:
    end_line = node.end_lineno or node.lineno
    return Span(
        _offset(document, node.lineno, node.col_offset),
        _offset(document, end_line, node.end_col_offset or 0),
    )


def _offset(document: Document, line_number: int, column_bytes: int) -> int:
    """Give the offset of a place as the parser counts: lines from 1, columns in UTF-8 bytes."""
    line = document.lines.line_text(line_number - 1)
    column = len(line.encode("utf-8", "surrogatepass")[:column_bytes].decode("utf-8", "ignore"))
    return document.lines.line_span(line_number - 1).start + column
