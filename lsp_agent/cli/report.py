"""The result of `ask` and `fix` as JSON.

The README documents it, and scripts depend on it.
"""

import dataclasses
import json
from collections.abc import Sequence

from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.render import Done
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document

SCHEMA = 1
"""Grows when a field goes or changes its meaning; new fields may come at any time."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The file that the work was about, and the problems in it that were to be fixed."""

    name: str
    """The file's path from the root, with `/`."""
    document: Document
    """The file as it was before."""
    diagnostics: Sequence[Diagnostic]


def report(done: Done, subject: Subject | None = None) -> str:
    """Give the result as one JSON object in one line."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "outcome": done.outcome.value,
            "exit_code": EXIT_CODES[done.outcome].value,
            "file": subject.name if subject else None,
            "text": done.text,
            "diff": done.diff,
            "applied": done.is_applied,
            "diagnostics": [_problem(subject.document, d) for d in subject.diagnostics]
            if subject
            else [],
            "usage": dataclasses.asdict(done.usage),
            "model": done.model,
        }
    )


def _problem(document: Document, diagnostic: Diagnostic) -> dict[str, object]:
    """Give a problem with lines and columns from 1; columns count code points."""
    start = document.lines.place(diagnostic.span.start)
    end = document.lines.place(diagnostic.span.end)
    return {
        "source": diagnostic.source,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "severity": diagnostic.severity.value,
        "line": start.line + 1,
        "column": start.column + 1,
        "end_line": end.line + 1,
        "end_column": end.column + 1,
    }
