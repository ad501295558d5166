"""All that is found in one document, for the tool and the language server."""

import ast
import asyncio
import importlib
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

from mcp_tools.code.checks.missing_return import missing_returns
from mcp_tools.code.diagnostics import ruff_rules, syntax
from mcp_tools.code.diagnostics.ruff import ruff_diagnostics
from mcp_tools.types.calls import Programs
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.text import Span

MAX_CHECKED_CHARS = 2_000_000
"""Above this, ruff alone takes from one to five seconds (measured, two cores, November 2026)."""

Lines = tuple[int, int]
"""First and last line number, both included, from 1."""

_PYTHON = frozenset({".py", ".pyi", ".pyw"})
_UNKNOWN_ATTRIBUTE = "mcp_tools.code.checks.unknown_attribute"


class Depth(StrEnum):
    """How much work a check may be."""

    QUICK = "quick"
    """Syntax and ruff: fit for every keystroke."""
    DEEP = "deep"
    """Also our own checks, which infer types: fit for a save, or for a question."""


async def diagnose(
    document: Document,
    programs: Programs,
    *,
    root: Path,
    depth: Depth = Depth.QUICK,
    lines: Lines | None = None,
) -> tuple[Diagnostic, ...]:
    """Give the problems in a document, or of some of its lines, sorted by place.

    Nothing is found in a document that `unchecked_reason` names a reason for.
    Raises: ProgramFailed.
    """
    if unchecked_reason(document) is not None:
        return ()
    if document.path.suffix in _PYTHON:
        found = await _python(document, programs, root, depth, lines)
    else:
        check = syntax.json_error if document.path.suffix == ".json" else syntax.toml_error
        error = await asyncio.to_thread(check, document)
        found = () if error is None else (error,)
    wanted = _span_of(document, lines)
    return tuple(sorted((d for d in found if d.span.touches(wanted)), key=_order))


def unchecked_reason(document: Document) -> str | None:
    """Say why a document is not checked, None if it is."""
    suffix = document.path.suffix
    if suffix not in _PYTHON | {".json", ".toml"}:
        kind = f"{suffix} files" if suffix else "files without a suffix"
        return f"there is no checker for {kind} yet, only for Python, JSON and TOML"
    if suffix == ".json" and syntax.has_json_comments(document):
        return "this JSON file may have comments, which the JSON checker does not know"
    if len(document.text) > MAX_CHECKED_CHARS:
        return (
            f"it has {len(document.text)} characters, and only files of up to "
            f"{MAX_CHECKED_CHARS} are checked"
        )
    return None


async def _python(
    document: Document, programs: Programs, root: Path, depth: Depth, lines: Lines | None
) -> tuple[Diagnostic, ...]:
    parsed = await asyncio.to_thread(syntax.parse_python, document)
    found = await ruff_diagnostics(document, programs, root=root)
    if isinstance(parsed, ast.Module) and depth is Depth.DEEP:
        return (*found, *await asyncio.to_thread(_deep, document, parsed, root, lines))
    if isinstance(parsed, Diagnostic):
        return _with_syntax_error(parsed, found)
    return found


def _with_syntax_error(error: Diagnostic, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Put the compiler's error in the place of ruff's, which are many for one mistake.

    Where ruff, which knows the project's Python version, finds none, the syntax is only newer
    than the Python that runs here.
    """
    others = tuple(d for d in found if d.code != ruff_rules.INVALID_SYNTAX)
    return found if len(others) == len(found) else (error, *others)


class _TypeCheck(Protocol):
    """The check of attributes, in a module that is slow to import."""

    def unknown_attributes(
        self, document: Document, tree: ast.Module, *, root: Path, within: Span
    ) -> tuple[Diagnostic, ...]:
        """Give accesses of attributes that do not exist."""
        ...


def _deep(
    document: Document, tree: ast.Module, root: Path, lines: Lines | None
) -> tuple[Diagnostic, ...]:
    # Jedi takes a quarter of a second to import, which most processes never need.
    check = cast(_TypeCheck, importlib.import_module(_UNKNOWN_ATTRIBUTE))
    within = _span_of(document, lines)
    unknown = check.unknown_attributes(document, tree, root=root, within=within)
    return (*missing_returns(document, tree), *unknown)


def _span_of(document: Document, lines: Lines | None) -> Span:
    """Give what `lines` cover; beyond the end of the document there is only its end."""
    if lines is None:
        return Span(0, len(document.text))
    last = document.lines.n_lines - 1
    first_line, last_line = (max(0, min(number - 1, last)) for number in lines)
    start = document.lines.line_span(min(first_line, last_line)).start
    return Span(start, document.lines.line_span(max(first_line, last_line)).end)


def _order(diagnostic: Diagnostic) -> tuple[int, int, str, str]:
    span = diagnostic.span
    return span.start, span.end, diagnostic.source, diagnostic.code or ""
