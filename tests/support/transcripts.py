"""Events as lines of text, so that a whole turn can be compared at a glance."""

import json
from collections.abc import Iterable
from typing import assert_never

from lsp_agent.agent.events import (
    Applied,
    ApprovalRequested,
    ApprovalResolved,
    CommandFinished,
    ConflictFound,
    Event,
    GoalChecked,
    Proposed,
    TextWritten,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
    Warned,
)


def transcript(events: Iterable[Event]) -> str:
    """Give one line an event; pieces of text that follow each other are joined."""
    lines: list[str] = []
    words = ""
    for event in events:
        if isinstance(event, TextWritten):
            words += event.text
            continue
        if words:
            lines.append(f"says: {words}")
            words = ""
        lines.append(_line(event))
    return "\n".join([*lines, f"says: {words}"] if words else lines)


def _line(event: Event) -> str:
    match event:
        case TurnStarted() | TextWritten() | TurnFinished():
            return _turn_line(event)
        case ToolStarted() | ToolFinished():
            return _tool_line(event)
        case ApprovalRequested():
            return f"question: {event.question} [{event.detail}]"
        case ApprovalResolved():
            return f"answer: {'yes' if event.is_allowed else 'no'}"
        case GoalChecked():
            return f"goal: {'met' if event.is_met else 'not met'}: {event.detail}"
        case Warned(message=message):
            return f"warning: {message}"
        case Proposed():
            return f"proposed: {event.changes.label}\n{_trimmed(event.diff)}"
        case Applied():
            return f"applied: {event.changes.label}"
        case ConflictFound() | CommandFinished():
            return _result_line(event)
        case _:
            assert_never(event)


def _trimmed(diff: str) -> str:
    """Drop the blanks at line ends, which source code does not keep."""
    return "\n".join(line.rstrip() for line in diff.splitlines())


def _turn_line(event: TurnStarted | TextWritten | TurnFinished) -> str:
    match event:
        case TurnStarted():
            return f"started: {event.title} ({event.model})"
        case TextWritten(text=text):
            return f"says: {text}"
        case TurnFinished():
            return f"finished: {event.outcome}: {event.text}"


def _result_line(event: ConflictFound | CommandFinished) -> str:
    match event:
        case ConflictFound(path=path, line_number=line_number, reason=reason):
            return f"left: {path.name}:{line_number}: {reason}"
        case CommandFinished(exit_code=exit_code, output=output, notes=notes):
            return "\n".join([f"command: {exit_code}: {output.strip()}", *notes])


def _tool_line(event: ToolStarted | ToolFinished) -> str:
    name = event.call.name
    match event:
        case ToolStarted():
            return f"tool: {name} {json.dumps(event.call.arguments)}"
        case ToolFinished(result=result) if result.is_error:
            return f"{'denied' if result.is_denied else 'failed'}: {name}: {result.text}"
        case ToolFinished():
            return f"done: {name} ({event.result.edit_outcome})"
