"""The result of a piece of work as JSON.

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
    """Give the result of `ask` or `fix` as one JSON object in one line."""
    problems = [_problem(subject.document, d) for d in subject.diagnostics] if subject else []
    return json.dumps(
        {
            **outcome_json(done),
            "file": subject.name if subject else None,
            "diff": done.diff,
            **proposal_json(done),
            "diagnostics": problems,
            "usage": dataclasses.asdict(done.usage),
            "model": done.model,
        }
    )


def command_report(done: Done, exit_code: int) -> str:
    """Give the result of `run` as one JSON object in one line."""
    command = done.command
    return json.dumps(
        {
            **outcome_json(done),
            "exit_code": exit_code,
            "command": command
            and {
                "exit_code": command.exit_code,
                "output": command.output,
                "notes": list(command.notes),
            },
            "diff": done.diff,
            **proposal_json(done),
        }
    )


def outcome_json(done: Done) -> dict[str, object]:
    """Give the fields that every result has: how it ended."""
    return {
        "schema": SCHEMA,
        "outcome": done.outcome.value,
        "exit_code": EXIT_CODES[done.outcome].value,
        "text": done.text,
    }


def proposal_json(done: Done) -> dict[str, object]:
    """Give the fields on what became of an edit: written, or waiting for review."""
    return {
        "applied": done.is_applied,
        "entries": [entry.number for entry in done.entries],
        "proposal": done.proposal_id,
        "hunks": done.n_hunks,
    }


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
