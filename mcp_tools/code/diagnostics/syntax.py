"""Syntax errors, from the parsers that come with Python."""

import ast
import json
import re
import threading
import tomllib
import warnings

from mcp_tools.types.diagnostics import Diagnostic, Severity
from mcp_tools.types.documents import Document
from mcp_tools.types.text import Place, Span

SOURCE = "syntax"
CODE = "syntax-error"

_WARNINGS_LOCK = threading.Lock()
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
# Files named .json whose readers allow comments, which the parser does not.
_JSON_WITH_COMMENTS = re.compile(
    r"(?:ts|js)config(?:\..+)?\.json|\.eslintrc\.json|devcontainer\.json|language-configuration\.json"
)
_FOLDERS_WITH_COMMENTS = frozenset({".vscode", ".zed", ".devcontainer"})


def parse_python(document: Document) -> ast.Module | Diagnostic | None:
    """Give the syntax tree, the first syntax error, or None if the parser gives up.

    The grammar is that of the running Python.
    """
    try:
        # The parser warns of doubtful escapes; that is ruff's business, and no one reads it here.
        with _WARNINGS_LOCK, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(document.text)
    except SyntaxError as error:
        return _error(document, error.msg, _span(document, error))
    except (ValueError, RecursionError, MemoryError):
        # A NUL, a lone surrogate, or nesting too deep for the parser.
        return None


def json_error(document: Document) -> Diagnostic | None:
    """Give the first syntax error of a JSON document, None if it has none."""
    if has_json_comments(document):
        return None
    try:
        json.loads(document.text)
    except json.JSONDecodeError as error:
        return _error(document, error.msg, _one_character(document, error.pos))
    except RecursionError:
        pass
    return None


def toml_error(document: Document) -> Diagnostic | None:
    """Give the first syntax error of a TOML document, None if it has none."""
    try:
        tomllib.loads(document.text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        match = _TOML_PLACE.search(message)
        offset = len(document.text)
        if match and match[1]:
            offset = document.lines.offset(Place(int(match[1]) - 1, int(match[2]) - 1))
        return _error(document, _TOML_PLACE.sub("", message), _one_character(document, offset))
    except RecursionError:
        pass
    return None


def has_json_comments(document: Document) -> bool:
    """Tell whether this JSON file may have comments, by its name."""
    path = document.path
    return path.parent.name in _FOLDERS_WITH_COMMENTS or bool(
        _JSON_WITH_COMMENTS.fullmatch(path.name)
    )


def _span(document: Document, error: SyntaxError) -> Span:
    """Give what a Python syntax error is about: its places are lines and columns from 1."""
    line = (error.lineno or 1) - 1
    start = document.lines.offset(Place(line, max(0, (error.offset or 1) - 1)))
    if error.end_lineno and error.end_offset and error.end_offset > 0:
        end = document.lines.offset(Place(error.end_lineno - 1, error.end_offset - 1))
        if end > start:
            return Span(start, end)
    return _one_character(document, start)


def _one_character(document: Document, offset: int) -> Span:
    """Give the character at an offset, nothing at the end of a line."""
    line_end = document.lines.line_span(document.lines.place(offset).line).end
    return Span(offset, min(offset + 1, max(offset, line_end)))


def _error(document: Document, message: str, span: Span) -> Diagnostic:
    return Diagnostic(
        path=document.path,
        span=span,
        message=message,
        source=SOURCE,
        code=CODE,
        severity=Severity.ERROR,
    )
