"""What the tools answered, as values."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lsp_agent.models.offline.json_reading import (
    Unreadable,
    number_at,
    objects_at,
    optional_object_at,
    optional_text_at,
    text_at,
    texts_at,
    truth_at,
)
from lsp_agent.models.offline.problem import Hit
from lsp_agent.models.port import ToolResultBlock
from mcp_tools.types.diagnostics import Diagnostic, Severity, SuggestedFix
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.json import JsonObject
from mcp_tools.types.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """Some lines of a file."""

    text: str
    end_line: int
    """The last line in `text`, from 1."""
    total_lines: int
    digest: str
    """Of the whole file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the checkers say of a text."""

    diagnostics: tuple[Diagnostic, ...]
    digest: str
    """Of the text that was checked."""


def data_of(result: ToolResultBlock) -> JsonObject:
    """Give the data of an answer.

    Raises: Unreadable if the call failed, with the tool's words.
    """
    if result.is_error:
        raise Unreadable(result.text.strip() or "a tool failed without a word")
    if result.data is None:
        raise Unreadable("a tool's answer has no data; start the task again")
    return result.data


def file_part(result: ToolResultBlock) -> FilePart:
    """Read an answer of `read_file`.

    Raises: Unreadable.
    """
    data = data_of(result)
    return FilePart(
        text=text_at(data, "text"),
        end_line=number_at(data, "end_line"),
        total_lines=number_at(data, "total_lines"),
        digest=text_at(data, "digest"),
    )


def report(result: ToolResultBlock, path: str) -> Report:
    """Read an answer of `diagnostics`.

    Raises: Unreadable.
    """
    data = data_of(result)
    items = objects_at(data, "diagnostics")
    if (n_all := number_at(data, "n_diagnostics")) > len(items):
        # Before and after an edit, different ones might be left out.
        raise Unreadable(f"the file has {n_all} problems, too many to tell what an edit changes")
    return Report(
        diagnostics=tuple(_diagnostic(item, path) for item in items), digest=text_at(data, "digest")
    )


def lines_found(result: ToolResultBlock) -> tuple[Hit, ...] | None:
    """Read an answer of `grep`; None if it failed or is not complete."""
    if result.is_error or result.data is None or not truth_at(result.data, "is_complete"):
        return None
    items = objects_at(result.data, "matches")
    return tuple(Hit(path=text_at(item, "path"), text=text_at(item, "text")) for item in items)


def files_found(result: ToolResultBlock) -> tuple[Hit, ...] | None:
    """Read an answer of `glob`; None if it failed or is not complete."""
    if result.is_error or result.data is None or not truth_at(result.data, "is_complete"):
        return None
    return tuple(Hit(path=path) for path in texts_at(result.data, "files"))


def _diagnostic(data: JsonObject, path: str) -> Diagnostic:
    severity = text_at(data, "severity")
    fix = optional_object_at(data, "fix")
    return Diagnostic(
        path=Path(PurePosixPath(path)),
        span=_span(data),
        message=text_at(data, "message"),
        source=text_at(data, "source"),
        code=optional_text_at(data, "code"),
        severity=Severity(severity) if severity in tuple(Severity) else Severity.WARNING,
        fix=None if fix is None else _fix(fix),
    )


def _fix(data: JsonObject) -> SuggestedFix:
    edits = [TextEdit(_span(item), text_at(item, "new_text")) for item in objects_at(data, "edits")]
    edits.sort(key=lambda edit: edit.span)
    return SuggestedFix(
        title=text_at(data, "title"), is_safe=truth_at(data, "is_safe"), edits=tuple(edits)
    )


def _span(data: JsonObject) -> Span:
    start, end = number_at(data, "start_offset"), number_at(data, "end_offset")
    if end < start:
        raise Unreadable(f"expected 'end_offset' from {start}, got {end}")
    return Span(start, end)
