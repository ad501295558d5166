"""Between the protocol's terms and ours; the only place that knows UTF-16.

A position of the protocol is a line and a count of code units; ours is an offset in code
points. What lies beyond a line or the document is taken as its end, as the protocol asks.
Source: LSP 3.17, "Position" and "Text Documents".
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lsprotocol import types as lsp
from pygls import uris

from mcp_tools.types.diagnostics import Diagnostic, Severity
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Place, Span

Encoding = lsp.PositionEncodingKind

_SEVERITIES: Mapping[lsp.DiagnosticSeverity, Severity] = {
    lsp.DiagnosticSeverity.Error: Severity.ERROR,
    lsp.DiagnosticSeverity.Warning: Severity.WARNING,
    lsp.DiagnosticSeverity.Information: Severity.INFORMATION,
    lsp.DiagnosticSeverity.Hint: Severity.HINT,
}
_WIRE_SEVERITIES = {ours: theirs for theirs, ours in _SEVERITIES.items()}


def n_units(text: str, encoding: Encoding | str) -> int:
    """Count the code units of `text`; a lone surrogate counts as one character of its kind."""
    match encoding:
        case Encoding.Utf32:
            return len(text)
        case Encoding.Utf8:
            return len(text.encode("utf-8", "surrogatepass"))
        case _:
            return len(text) + sum(ord(char) > 0xFFFF for char in text)


def column_of(line_text: str, units: int, encoding: Encoding | str) -> int:
    """Give the code points of `line_text` that lie before `units` code units.

    A count that ends inside a character is taken as its start.
    """
    if encoding == Encoding.Utf32 or line_text.isascii():
        return min(units, len(line_text))
    seen = 0
    for column, char in enumerate(line_text):
        seen += n_units(char, encoding)
        if seen > units:
            return column
    return len(line_text)


def to_offset(lines: LineIndex, position: lsp.Position, encoding: Encoding | str) -> int:
    """Give the offset of a position."""
    if position.line >= lines.n_lines:
        return lines.offset(Place(position.line, 0))
    text = lines.line_text(position.line)
    return lines.offset(Place(position.line, column_of(text, position.character, encoding)))


def to_position(lines: LineIndex, offset: int, encoding: Encoding | str) -> lsp.Position:
    """Give the position of an offset; one inside of a line end is the end of its line."""
    place = lines.place(offset)
    before = lines.line_text(place.line)[: place.column]
    return lsp.Position(line=place.line, character=n_units(before, encoding))


def to_span(lines: LineIndex, range_: lsp.Range, encoding: Encoding | str) -> Span:
    """Give the span of a range; a range that runs backwards is turned around."""
    ends = sorted(
        (to_offset(lines, range_.start, encoding), to_offset(lines, range_.end, encoding))
    )
    return Span(*ends)


def to_range(lines: LineIndex, span: Span, encoding: Encoding | str) -> lsp.Range:
    """Give the range of a span."""
    return lsp.Range(
        start=to_position(lines, span.start, encoding), end=to_position(lines, span.end, encoding)
    )


def to_text_edits(
    document: Document, edits: Iterable[TextEdit], encoding: Encoding | str
) -> list[lsp.TextEdit]:
    """Give edits of a document as the protocol has them."""
    return [
        lsp.TextEdit(range=to_range(document.lines, e.span, encoding), new_text=e.new_text)
        for e in edits
    ]


def to_wire_diagnostic(
    document: Document, diagnostic: Diagnostic, encoding: Encoding | str
) -> lsp.Diagnostic:
    """Give one of our diagnostics as the protocol has it."""
    return lsp.Diagnostic(
        range=to_range(document.lines, diagnostic.span, encoding),
        message=diagnostic.message,
        severity=_WIRE_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        source=diagnostic.source,
    )


def from_wire_diagnostic(
    document: Document, diagnostic: lsp.Diagnostic, encoding: Encoding | str
) -> Diagnostic:
    """Give a diagnostic of any server, which the editor handed over, as one of ours."""
    severity = diagnostic.severity or lsp.DiagnosticSeverity.Error
    return Diagnostic(
        path=document.path,
        span=to_span(document.lines, diagnostic.range, encoding),
        message=message_text(diagnostic),
        source=diagnostic.source or "editor",
        code=None if diagnostic.code is None else str(diagnostic.code),
        severity=_SEVERITIES.get(severity, Severity.ERROR),
    )


def message_text(diagnostic: lsp.Diagnostic) -> str:
    """Give the message of a diagnostic as plain text; LSP 3.18 also allows markup."""
    return str(getattr(diagnostic.message, "value", diagnostic.message))


def path_of(uri: str) -> Path | None:
    """Give the path of a `file:` URI, None for any other scheme and for what no file can have."""
    try:
        path = uris.to_fs_path(uri) if urlsplit(uri).scheme == "file" else None
        # What the system cannot be asked for is refused here, once for all callers.
        encoded = os.fsencode(path) if path else b""
    except ValueError:
        return None
    return Path(path) if path and b"\0" not in encoded else None


def uri_of(path: Path) -> str:
    """Give the `file:` URI of a path."""
    uri = uris.from_fs_path(str(path))
    assert uri is not None, path
    return uri
