"""The script of a model: which turn it plays for which request.

`load.py` reads one from a JSON file or from a Python value.
The default of every field is what a short script wants, so most turns are `Turn(content=(...))`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lsp_agent.testkit.faults import Fault
from lsp_agent.testkit.json_values import Json

StopReason: TypeAlias = Literal[
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "tool_use",
    "pause_turn",
    "refusal",
    "model_context_window_exceeded",
]
"""Why the model stopped.  Source: Anthropic Messages API, version 2026-10-21."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A block of text, with `{{last_user}}` and `{{last_tool_result}}` filled in."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """A block of reasoning that comes before the answer."""

    thinking: str
    signature: str = "scripted-signature"
    """An opaque mark that the client must send back unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A call of one of the client's tools."""

    name: str
    input: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """The arguments; template strings are filled in at any depth."""
    id: str | None = None
    """None makes an id from the numbers of the request and the block, unique in a run."""


Block: TypeAlias = Text | Thinking | ToolUse
"""One content block of a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a request must look like for a turn to be its answer.

    All that is given must hold; None asks for nothing.
    The patterns are searched for, not anchored.
    """

    last_user: re.Pattern[str] | None = None
    """Searched in the newest user message that has text."""
    last_tool_result: re.Pattern[str] | None = None
    """Searched in the newest tool result of the conversation."""
    system: re.Pattern[str] | None = None
    model: re.Pattern[str] | None = None
    has_tool: str | None = None
    """The name of a tool that the request must offer."""
    after_tool: str | None = None
    """The name of a tool whose result the last message must carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The token counts that a turn reports; None is an estimate."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One answer of the model."""

    content: tuple[Block, ...] = ()
    match: Match = field(default_factory=Match)
    times: int | None = 1
    """How many requests it answers before it is used up; None is without end."""
    stop_reason: StopReason | None = None
    """None is `tool_use` if the turn calls a tool, else `end_turn`."""
    usage: Usage = field(default_factory=Usage)
    chunk_size: int | None = None
    """Characters in one streamed piece; None cuts each block in at least three where it can."""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything a scripted model says, in the order in which it is tried.

    A request takes the first turn that is not used up and whose `match` holds.
    """

    turns: tuple[Turn, ...] = ()
    default: Turn | None = None
    """Answers what no turn answers, without end; None refuses such a request with HTTP 400."""
    api_key: str | None = None
    """The only key that is let in; None lets in any, and requests without one."""
    models: tuple[str, ...] | None = None
    """The models that exist; None lists one, and answers for any."""
