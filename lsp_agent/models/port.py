"""The Model port: messages in, a stream of events out, for every provider alike.

Messages are the provider-neutral form of a conversation. A valid history alternates between
user and assistant, and every `ToolUse` of an assistant message is answered by a `ToolResultBlock`
in the very next user message.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from mcp_tools.types.json import JsonObject


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the user or of the model."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """What the model thought; sent back unchanged, with its signature."""

    text: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """The model asks for a tool."""

    id: str
    name: str
    input: JsonObject
    problem: str | None = None
    """Why the input could not be read; such a call is answered with this text, and never runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResultBlock:
    """The answer to a `ToolUse`."""

    tool_use_id: str
    text: str
    is_error: bool = False
    data: JsonObject | None = None
    """The same answer as JSON. Providers send the text; the offline engine reads this."""


Block: TypeAlias = Text | Thinking | ToolUse | ToolResultBlock


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of one side."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """Give its words, without thoughts and tools."""
        return "".join(block.text for block in self.blocks if isinstance(block, Text))

    @property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        """Give the tools that it asks for, in order."""
        return tuple(block for block in self.blocks if isinstance(block, ToolUse))


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool as a model is told of it."""

    name: str
    description: str
    input_schema: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One request: the whole conversation so far, as the interface of these models demands."""

    system: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    max_output_tokens: int = 16_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one request, or of several added up; zero where a provider does not say."""

    input_tokens: int = 0
    """Input that no cache served."""
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Add two up, field by field."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class StopReason(StrEnum):
    """Why a model stopped."""

    END_TURN = "end_turn"
    TOOL_USE = "tool_use"
    MAX_TOKENS = "max_tokens"
    """Cut off; a tool input at the end may be partial and must not run."""
    REFUSAL = "refusal"
    GAVE_UP = "gave_up"
    """It can do no more and has said why; to ask again is no use. A hosted model never says so."""


@dataclass(frozen=True, slots=True)
class TextChunk:
    """A few more characters of the text that is being written."""

    text: str


@dataclass(frozen=True, slots=True)
class BlockDone:
    """A block is complete and whole."""

    block: Text | Thinking | ToolUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The model has stopped; always the last event of a stream that ends well."""

    reason: StopReason
    usage: Usage = field(default_factory=Usage)


ModelEvent: TypeAlias = TextChunk | BlockDone | Stopped


class Model(Protocol):
    """A model that can be asked."""

    @property
    def name(self) -> str:
        """The name that a person knows it by, such as `claude-sonnet-5-5` or `offline`."""
        ...

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask, and give the answer as it is written.

        Nothing is left running when the iterator is closed early.
        Raises: ModelError.
        """
        ...


class ModelErrorKind(StrEnum):
    """What went wrong, as far as a caller can act on it."""

    NOT_CONFIGURED = "not_configured"
    """There is no key, or no such model."""
    AUTHENTICATION = "authentication"
    """The key was refused."""
    UNREACHABLE = "unreachable"
    OVERLOADED = "overloaded"
    RATE_LIMITED = "rate_limited"
    TOO_LONG = "too_long"
    """The conversation exceeds what the model takes."""
    REJECTED = "rejected"
    """The provider says that the request itself is wrong."""
    BROKEN_STREAM = "broken_stream"
    """The answer ended, or turned unreadable, in the middle."""
    SILENT = "silent"
    """The provider took the request, and then said nothing for too long."""
    PROVIDER_FAULT = "provider_fault"


class ModelError(Exception):
    """The model gave no whole answer; the text tells a person what to do."""

    def __init__(
        self, kind: ModelErrorKind, message: str, *, retry_after_s: float | None = None
    ) -> None:
        """Keep the kind beside the message, and the wait that the provider asks for, if any."""
        super().__init__(message)
        self.kind = kind
        self.retry_after_s = retry_after_s
