"""Problems found in a document, whoever found them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import Span


class Severity(StrEnum):
    """How bad a problem is, in the terms of the Language Server Protocol."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedFix:
    """A repair that the checker itself offers."""

    title: str
    is_safe: bool
    """The checker promises that the meaning of the program stays the same."""
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem in one document."""

    path: Path
    span: Span
    message: str
    source: str
    """Who found it: `syntax`, `ruff`, `lsp-agent`, or the name of an editor's other server."""
    code: str | None = None
    """The rule's short name, such as `F821`; None if the source has none."""
    severity: Severity = Severity.WARNING
    fix: SuggestedFix | None = None
