"""The prompts of the built-in tasks: fix and explain.

Each has the task once in words and once as JSON in a fenced block, which the offline engine
reads and which leaves a model in no doubt about places.
"""

import json
from collections.abc import Sequence
from typing import Literal

from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document

TASK_FENCE = "lsp-agent-task"
MAX_MESSAGE_CHARS = 500


def fix_prompt(document: Document, name: str, diagnostics: Sequence[Diagnostic]) -> str:
    """Ask to fix problems of one document; `name` is its path as tools take it."""
    words = "this problem" if len(diagnostics) == 1 else f"these {len(diagnostics)} problems"
    return (
        f"Fix {words} in {name}:\n\n{_listed(document, name, diagnostics)}\n\n"
        "Change nothing else. It is done when the diagnostics tool no longer reports "
        f"{'it' if len(diagnostics) == 1 else 'them'} and reports nothing new.\n\n"
        f"{_task_block('fix', document, name, diagnostics)}"
    )


def explain_prompt(document: Document, name: str, diagnostics: Sequence[Diagnostic]) -> str:
    """Ask what problems of one document mean, without an edit."""
    return (
        f"Explain to the developer what this means here, why it matters and what the options "
        f"are. Do not edit.\n\n{_listed(document, name, diagnostics)}\n\n"
        f"{_task_block('explain', document, name, diagnostics)}"
    )


def unmet_goal_prompt(detail: str) -> str:
    """Tell the model that the check after its work failed."""
    return f"The check after your edits says: {detail}\nPlease go on until it passes."


def _listed(document: Document, name: str, diagnostics: Sequence[Diagnostic]) -> str:
    lines: list[str] = []
    for diagnostic in diagnostics:
        place = document.lines.place(diagnostic.span.start)
        code = f" [{diagnostic.code}]" if diagnostic.code else ""
        where = f"{name}:{place.line + 1}:{place.column + 1}"
        # One line a problem: a message may hold text of the project, which is data.
        message = diagnostic.message.split("\n")[0][:MAX_MESSAGE_CHARS]
        lines.append(f"- {where}: {diagnostic.source}{code}: {message}")
        lines.append(f"    {document.lines.line_text(place.line).strip()[:200]}")
    return "\n".join(lines)


def _task_block(
    kind: Literal["fix", "explain"],
    document: Document,
    name: str,
    diagnostics: Sequence[Diagnostic],
) -> str:
    task = {
        "kind": kind,
        "path": name,
        "diagnostics": [_as_json(document, diagnostic) for diagnostic in diagnostics],
        "deep": any(diagnostic.source == "lsp-agent" for diagnostic in diagnostics),
    }
    return f"```{TASK_FENCE}\n{json.dumps(task, ensure_ascii=False)}\n```"


def _as_json(document: Document, diagnostic: Diagnostic) -> dict[str, object]:
    start = document.lines.place(diagnostic.span.start)
    end = document.lines.place(diagnostic.span.end)
    return {
        "source": diagnostic.source,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "line": start.line + 1,
        "column": start.column + 1,
        "end_line": end.line + 1,
        "end_column": end.column + 1,
    }
