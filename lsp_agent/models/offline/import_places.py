"""Where a new import line belongs.

The usual order: the future, the standard library, third parties, the project itself, relative
ones; in each group `import x` before `from x import y`, by name.
Source: PEP 8, "Imports"; the default order of isort 6.
"""

import ast
import sys
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from lsp_agent.models.offline.source import Source
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span, newline_of

_Key: TypeAlias = tuple[int, bool, int, str]


def top_imports(source: Source) -> list[ast.Import | ast.ImportFrom]:
    """Give the imports that the module starts with, after its docstring."""
    run: list[ast.Import | ast.ImportFrom] = []
    for statement in _after_docstring(source):
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        run.append(statement)
    return run


def line_of(source: Source, statement: ast.stmt, first_party: AbstractSet[str]) -> TextEdit:
    """Put an import on a line of its own, with the blank lines that groups need."""
    run = top_imports(source)
    line = ast.unparse(statement) + newline_of(source.text)
    if not run:
        return _first_import(source, line)
    key = _key(statement, first_party)
    keys = [_key(other, first_party) for other in run]
    n_before = sum(other <= key for other in keys) if keys == sorted(keys) else len(keys)
    same = [i for i, other in enumerate(keys) if other[0] == key[0]]
    if keys != sorted(keys) and same:
        # An order of its own is not ours to sort: the end of the group is always right.
        n_before = same[-1] + 1
    if n_before and keys[n_before - 1][0] == key[0]:
        return _after(source, run[n_before - 1], line)
    if n_before < len(run) and keys[n_before][0] == key[0]:
        return _before(source, run[n_before], line)
    if n_before:
        return _after(source, run[n_before - 1], newline_of(source.text) + line)
    return _before(source, run[0], line + newline_of(source.text))


def _after_docstring(source: Source) -> list[ast.stmt]:
    body = source.tree.body
    return body[1:] if ast.get_docstring(source.tree, clean=False) is not None else body


def _key(statement: ast.stmt, first_party: AbstractSet[str]) -> _Key:
    if isinstance(statement, ast.ImportFrom):
        module = statement.module or ""
        group = 4 if statement.level else _group(module, first_party)
        return group, True, -statement.level, module.lower()
    assert isinstance(statement, ast.Import)
    module = statement.names[0].name
    return _group(module, first_party), False, 0, module.lower()


def _group(module: str, first_party: AbstractSet[str]) -> int:
    top = module.partition(".")[0]
    if top == "__future__":
        return 0
    if top in first_party:
        return 3
    return 1 if top in sys.stdlib_module_names else 2


def _after(source: Source, statement: ast.stmt, new_text: str) -> TextEdit:
    return _insert(source, source.next_line(source.end(statement)), new_text)


def _before(source: Source, statement: ast.stmt, new_text: str) -> TextEdit:
    return _insert(source, _above_comments(source, statement), new_text)


def _insert(source: Source, offset: int, new_text: str) -> TextEdit:
    is_line_start = offset == 0 or source.text[offset - 1] in "\r\n"
    start = "" if is_line_start else newline_of(source.text)
    return TextEdit(Span(offset, offset), start + new_text)


def _above_comments(source: Source, statement: ast.stmt) -> int:
    """Give the start of the comments above a statement, but not those of the file."""
    line = source.lines.place(source.full_start(statement)).line
    first = line
    while first > 0 and source.lines.line_text(first - 1).lstrip().startswith("#"):
        first -= 1
    return source.lines.line_span(line if first == 0 else first).start


def _first_import(source: Source, line: str) -> TextEdit:
    newline = newline_of(source.text)
    rest = _after_docstring(source)
    is_definition = bool(rest) and isinstance(
        rest[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    )
    n_blank = (2 if is_definition else 1) if rest else 0
    if len(rest) < len(source.tree.body):
        position = source.next_line(source.end(source.tree.body[0]))
        line = newline + line
    elif not source.text[: source.full_start(rest[0])].strip():
        position = 0
    else:
        return _before(source, rest[0], line + newline * n_blank)
    n_blank = max(0, n_blank - _n_blank_lines(source, position))
    return _insert(source, position, line + newline * n_blank)


def _n_blank_lines(source: Source, offset: int) -> int:
    first = source.lines.place(offset).line
    line = first
    while line < source.lines.n_lines and not source.lines.line_text(line).strip():
        line += 1
    return line - first
