"""The prompts of the built-in tasks: fix, explain, and those about a proposal.

The first two have the task once in words and once as JSON in a fenced block, which the offline
engine reads and which leaves a model in no doubt about places. A proposal is told as a diff.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document

TASK_FENCE = "lsp-agent-task"
MAX_MESSAGE_CHARS = 500
MAX_DIFF_CHARS = 20_000

_BACKTICKS = re.compile("`+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNote:
    """A comment of a review, with what it is about."""

    subject: str
    """The path that tools know, or some words for all of a proposal."""
    diff: str
    """The part of the proposal that it is about; empty for all of it."""
    text: str


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


def review_prompt(label: str, diff: str, notes: Sequence[ReviewNote]) -> str:
    """Ask to change a proposal by the comments of a review; `diff` is all that is open of it."""
    n = len(notes)
    words = "this comment" if n == 1 else f"these {n} comments"
    comments = "\n\n".join(_note(number, note) for number, note in enumerate(notes, 1))
    return (
        f"You proposed edits ({_one_line(label)}), and the developer has reviewed them. "
        f"Change the proposal by {words}:\n\n{comments}\n\n"
        "This is what is still open of the proposal. Tools show you the files with these edits "
        "made; what the developer accepted is in the text below them already, and what was "
        f"rejected is gone.\n\n{_fenced(diff)}\n\n"
        "Leave what no comment is about as it is. To drop a part, edit the text back."
    )


def hunks_prompt(label: str, diff: str) -> str:
    """Ask what proposed edits do, without a further edit."""
    return (
        f"Explain these proposed edits ({_one_line(label)}) to the developer who has to decide on "
        "them: what they do, why, and what could go wrong. Tools show you the files with the "
        f"edits made. Do not edit.\n\n{_fenced(diff)}"
    )


def unmet_goal_prompt(detail: str) -> str:
    """Tell the model that the check after its work failed."""
    return f"The check after your edits says: {detail}\nPlease go on until it passes."


def _note(number: int, note: ReviewNote) -> str:
    about = f" about\n{_fenced(note.diff)}" if note.diff else ":"
    return f"{number}. On {note.subject}{about}\n{note.text.strip()}"


def _fenced(diff: str) -> str:
    """Give a diff in a fence that nothing in it can end."""
    line_end = diff.rfind("\n", 0, MAX_DIFF_CHARS)
    end = line_end if line_end > 0 else MAX_DIFF_CHARS
    shown = diff if len(diff) <= MAX_DIFF_CHARS else diff[:end]
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    n_left = len(diff) - len(shown)
    cut = f"\n[{n_left} more characters were left out; read the files]" if n_left else ""
    return f"{fence}diff\n{shown.rstrip()}\n{fence}{cut}"


def _one_line(label: str) -> str:
    return label.split("\n")[0][:MAX_MESSAGE_CHARS]


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
