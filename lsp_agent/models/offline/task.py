"""The task in a prompt: a fenced block of JSON, `lsp-agent-task`."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from lsp_agent.models.offline.json_reading import (
    Unreadable,
    number_at,
    objects_at,
    optional_text_at,
    text_at,
    truth_at,
)
from mcp_tools.types.json import JsonObject
from mcp_tools.types.text import LineIndex, Place, Span

_BLOCK = re.compile(r"^```lsp-agent-task[ \t]*\r?\n(.*?)\r?\n```[ \t]*$", re.DOTALL | re.MULTILINE)


class TaskKind(StrEnum):
    """What is asked for."""

    FIX = "fix"
    EXPLAIN = "explain"
    ASK = "ask"
    """Anything else, in words: beyond this engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDiagnostic:
    """A diagnostic as the prompt describes it; lines and columns count from 1."""

    source: str
    code: str | None
    message: str
    start: Place
    """From 0, as everywhere inside."""
    end: Place

    def span_in(self, lines: LineIndex) -> Span:
        """Give the place as offsets of a text."""
        start = lines.offset(self.start)
        return Span(start, max(start, lines.offset(self.end)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a prompt asks for."""

    kind: TaskKind
    path: str = ""
    diagnostics: tuple[WantedDiagnostic, ...] = ()
    is_deep: bool = False
    """The diagnostics come from the slow checks, which must run again to see them."""


def find_task(prompt: str) -> Task | None:
    """Give the task in a prompt, None if there is no block.

    Raises: Unreadable if the block is not what it should be, or there are several.
    """
    blocks = _BLOCK.findall(prompt)
    if not blocks:
        return None
    if len(blocks) > 1:
        raise Unreadable(f"expected one task block in the prompt, got {len(blocks)}")
    try:
        data: object = json.loads(blocks[0])
    except ValueError as error:
        raise Unreadable(f"expected JSON in the task block, got an error: {error}") from error
    if not isinstance(data, dict):
        raise Unreadable("expected an object in the task block")
    return _task(data)  # pyright: ignore[reportUnknownArgumentType]  # json.loads gives JSON


def _task(data: JsonObject) -> Task:
    kind = text_at(data, "kind")
    if kind not in tuple(TaskKind):
        raise Unreadable(f"expected one of {', '.join(TaskKind)} in 'kind', got {kind!r}")
    if kind == TaskKind.ASK:
        return Task(kind=TaskKind.ASK)
    return Task(
        kind=TaskKind(kind),
        path=text_at(data, "path"),
        diagnostics=tuple(_wanted(item) for item in objects_at(data, "diagnostics")),
        is_deep=truth_at(data, "deep") if "deep" in data else False,
    )


def _wanted(data: JsonObject) -> WantedDiagnostic:
    return WantedDiagnostic(
        source=text_at(data, "source"),
        code=optional_text_at(data, "code"),
        message=text_at(data, "message"),
        start=_place(data, "line", "column"),
        end=_place(data, "end_line", "end_column"),
    )


def _place(data: JsonObject, line: str, column: str) -> Place:
    return Place(max(0, number_at(data, line) - 1), max(0, number_at(data, column) - 1))
