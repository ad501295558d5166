"""Claude models over the Anthropic Messages API.

Source: https://docs.claude.com/en/api/messages-streaming (API version 2026-10-21).
"""

import asyncio
import functools
import json
import math
import ssl
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never, cast

import anthropic
import httpx2
from anthropic import types as api

from lsp_agent.models.port import (
    Block,
    BlockDone,
    Message,
    ModelError,
    ModelErrorKind,
    ModelEvent,
    ModelRequest,
    Stopped,
    StopReason,
    Text,
    TextChunk,
    Thinking,
    ToolResultBlock,
    ToolSpec,
    ToolUse,
    Usage,
)
from mcp_tools.types.json import JsonObject, JsonValue

WireObject = dict[str, Any]
"""A piece of a request as the SDK takes it."""

BROKEN_OFF = "the model's answer broke off in the middle; try again"
MAX_SILENCE_S = 120.0
"""How long a provider may say nothing; one that works sends a sign of life every few seconds."""
MAX_MESSAGE_CHARS = 500

_STOP_REASONS: Mapping[str, StopReason] = {
    "end_turn": StopReason.END_TURN,
    "stop_sequence": StopReason.END_TURN,
    "tool_use": StopReason.TOOL_USE,
    "max_tokens": StopReason.MAX_TOKENS,
    "model_context_window_exceeded": StopReason.MAX_TOKENS,
    "refusal": StopReason.REFUSAL,
}
_KINDS_BY_STATUS: Mapping[int, ModelErrorKind] = {
    401: ModelErrorKind.AUTHENTICATION,
    402: ModelErrorKind.AUTHENTICATION,
    403: ModelErrorKind.AUTHENTICATION,
    404: ModelErrorKind.NOT_CONFIGURED,
    413: ModelErrorKind.TOO_LONG,
    429: ModelErrorKind.RATE_LIMITED,
    529: ModelErrorKind.OVERLOADED,
}
_KINDS_BY_TYPE: Mapping[str, ModelErrorKind] = {
    "overloaded_error": ModelErrorKind.OVERLOADED,
    "rate_limit_error": ModelErrorKind.RATE_LIMITED,
    "api_error": ModelErrorKind.PROVIDER_FAULT,
}
_ADVICE: Mapping[ModelErrorKind, str] = {
    ModelErrorKind.AUTHENTICATION: "check ANTHROPIC_API_KEY (`lsp-agent doctor` tells where it "
    "comes from)",
    ModelErrorKind.NOT_CONFIGURED: "check the model's name (LSP_AGENT_MODEL or the settings file) "
    "and the address (ANTHROPIC_BASE_URL)",
    ModelErrorKind.TOO_LONG: "ask about a smaller part",
    ModelErrorKind.RATE_LIMITED: "wait a little and try again",
    ModelErrorKind.OVERLOADED: "wait a little and try again",
    ModelErrorKind.PROVIDER_FAULT: "wait a little and try again",
    ModelErrorKind.REJECTED: "try another model, or start a new conversation",
}
_BROKEN = (httpx2.HTTPError, ValueError, LookupError, AssertionError)
"""How SDK 2 lets a cut connection, an unreadable event and an early end through."""


class AnthropicModel:
    """One Claude model; implements Model."""

    def __init__(
        self,
        name: str,
        *,
        api_key: str,
        base_url: str | None,
        max_silence_s: float = MAX_SILENCE_S,
    ) -> None:
        """Take the model's id; no address means the provider's own. Nothing is contacted yet."""
        self._name = name
        self._api_key = api_key
        self._base_url = base_url
        self._max_silence_s = max_silence_s

    @property
    def name(self) -> str:
        """The model's id."""
        return self._name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask once, and give the answer as it is written.

        Raises: ModelError.
        """
        wire = self._wire(request)
        tls = await asyncio.to_thread(_tls_context)
        try:
            async with self._client(tls) as client:
                stream = await client.messages.create(**wire, stream=True)
                async with stream:
                    reply = _Reply()
                    async for event in stream:
                        for found in reply.take(event):
                            yield found
                    yield reply.stopped()
        except (anthropic.AnthropicError, httpx2.InvalidURL, *_BROKEN) as error:
            raise self._model_error(error) from error

    def _client(self, tls: ssl.SSLContext) -> anthropic.AsyncAnthropic:
        return anthropic.AsyncAnthropic(
            api_key=self._api_key,
            base_url=self._base_url,
            # The SDK would obey any `retry-after`, be it years; see `retrying`.
            max_retries=0,
            timeout=anthropic.Timeout(self._max_silence_s, connect=5.0),
            http_client=anthropic.DefaultAsyncHttpxClient(verify=tls),
        )

    def _model_error(self, error: Exception) -> ModelError:
        """Say what a failure means to a person, without the key, which a proxy may repeat."""
        match error:
            case anthropic.APIStatusError():
                found = _status_error(error)
            case anthropic.APITimeoutError() if not isinstance(
                error.__cause__, httpx2.ConnectTimeout
            ):
                found = _silent(self._max_silence_s)
            case anthropic.APIConnectionError():
                found = _unreachable(self._base_url, error.message)
            case httpx2.InvalidURL():
                found = _unreachable(self._base_url, str(error))
            case httpx2.TimeoutException():
                found = _silent(self._max_silence_s)
            case anthropic.AnthropicError():
                found = ModelError(ModelErrorKind.PROVIDER_FAULT, str(error))
            case _:
                found = ModelError(ModelErrorKind.BROKEN_STREAM, BROKEN_OFF)
        text = str(found).replace(self._api_key, "[key]")
        return ModelError(found.kind, text, retry_after_s=found.retry_after_s)

    def _wire(self, request: ModelRequest) -> WireObject:
        return {
            "model": self._name,
            "max_tokens": request.max_output_tokens,
            "system": request.system,
            "messages": [_wire_message(message) for message in request.messages],
            "tools": [_wire_tool(tool) for tool in request.tools],
            "cache_control": {"type": "ephemeral"},
        }


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """Read the machine's certificates once: it takes longer than a request."""
    return httpx2.create_ssl_context()


@dataclass(slots=True)
class _OpenBlock:
    """A block that is being written."""

    start: object
    text: str = ""
    signature: str = ""


@dataclass(slots=True)
class _Reply:
    """Assembles blocks from the events of one stream."""

    open_blocks: dict[int, _OpenBlock] = field(default_factory=dict[int, _OpenBlock])
    stop_reason: str | None = None
    usage: Usage = field(default_factory=Usage)

    def take(self, event: api.RawMessageStreamEvent) -> tuple[ModelEvent, ...]:
        """Take the next event and give what became known by it."""
        match event:
            case api.RawMessageStartEvent():
                self.usage = _usage(event.message.usage)
            case api.RawContentBlockStartEvent():
                self.open_blocks[event.index] = _OpenBlock(event.content_block)
            case api.RawContentBlockDeltaEvent():
                return self._delta(self.open_blocks[event.index], event.delta)
            case api.RawContentBlockStopEvent():
                block = _finished(self.open_blocks.pop(event.index))
                return (BlockDone(block),) if block else ()
            case api.RawMessageDeltaEvent():
                self.stop_reason = event.delta.stop_reason
                self.usage = _with_output(self.usage, event.usage.output_tokens)
            case _:
                pass  # message_stop, and events that a newer API may add
        return ()

    def stopped(self) -> Stopped:
        """Give the last event.

        Raises: ModelError if the stream ended before the model had stopped.
        """
        if self.stop_reason is None or self.open_blocks:
            raise ModelError(ModelErrorKind.BROKEN_STREAM, BROKEN_OFF)
        reason = _STOP_REASONS.get(self.stop_reason, StopReason.END_TURN)
        return Stopped(reason=reason, usage=self.usage)

    def _delta(self, block: _OpenBlock, delta: api.RawContentBlockDelta) -> tuple[ModelEvent, ...]:
        # SDK 2 reads a type that it does not know as its first one, so the name counts.
        match delta:
            case api.TextDelta(type="text_delta"):
                block.text += delta.text
                return (TextChunk(delta.text),)
            case api.InputJSONDelta(type="input_json_delta"):
                block.text += delta.partial_json
            case api.ThinkingDelta(type="thinking_delta"):
                block.text += delta.thinking
            case api.SignatureDelta(type="signature_delta"):
                block.signature += delta.signature
            case _:
                pass
        return ()


def _finished(block: _OpenBlock) -> Text | Thinking | ToolUse | None:
    match block.start:
        case api.TextBlock(type="text"):
            text = block.start.text + block.text
            return Text(text) if text else None
        case api.ThinkingBlock(type="thinking"):
            return Thinking(text=block.start.thinking + block.text, signature=block.signature)
        case api.ToolUseBlock(type="tool_use"):
            return _tool_use(block.start, block.text)
        case _:
            return None


def _tool_use(start: api.ToolUseBlock, text: str) -> ToolUse:
    problem = None
    arguments: JsonObject = {}
    try:
        value: JsonValue = json.loads(text or "{}", parse_constant=_finite, parse_float=_finite)
        if isinstance(value, dict):
            arguments = value
        else:
            problem = f"the input must be a JSON object, got {type(value).__name__}"
    except (ValueError, RecursionError) as error:
        problem = f"the input is not valid JSON ({error}); send the call again, whole"
    return ToolUse(id=start.id, name=start.name, input=arguments, problem=problem)


def _finite(text: str) -> float:
    """Read a number; infinity is none in JSON, and could not be sent back."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"expected a finite number, got {text}")
    return value


def _usage(usage: api.Usage) -> Usage:
    return Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        output_tokens=usage.output_tokens,
    )


def _with_output(usage: Usage, output_tokens: int) -> Usage:
    """Take the running total that the last event gives; it replaces the first guess."""
    return Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_tokens=output_tokens,
    )


def _wire_message(message: Message) -> WireObject:
    return {"role": message.role, "content": [_wire_block(block) for block in message.blocks]}


def _wire_block(block: Block) -> WireObject:
    match block:
        case Text(text=text):
            return {"type": "text", "text": _sendable(text)}
        case Thinking():
            thinking = _sendable(block.text)
            return {"type": "thinking", "thinking": thinking, "signature": block.signature}
        case ToolUse():
            arguments = _sendable(block.input)
            return {"type": "tool_use", "id": block.id, "name": block.name, "input": arguments}
        case ToolResultBlock():
            return {
                "type": "tool_result",
                "tool_use_id": block.tool_use_id,
                "content": _sendable(block.text) if block.text.strip() else "(no output)",
                "is_error": block.is_error,
            }
        case _:
            assert_never(block)


def _sendable(value: JsonValue) -> JsonValue:
    """Replace lone halves of characters: editors and models make them, UTF-8 cannot carry them."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case list():
            return [_sendable(item) for item in value]
        case dict():
            return {str(_sendable(key)): _sendable(item) for key, item in value.items()}
        case _:
            return value


def _wire_tool(tool: ToolSpec) -> WireObject:
    return {
        "name": tool.name,
        "description": tool.description,
        "input_schema": tool.input_schema,
    }


def _status_error(error: anthropic.APIStatusError) -> ModelError:
    message = _message(error)
    kind = _KINDS_BY_STATUS.get(error.status_code) or _KINDS_BY_TYPE.get(str(error.type))
    if kind is None:
        is_fault = error.status_code >= 500 or error.status_code == 200
        kind = ModelErrorKind.PROVIDER_FAULT if is_fault else ModelErrorKind.REJECTED
    if error.status_code == 400 and "too long" in message:
        kind = ModelErrorKind.TOO_LONG
    return ModelError(
        kind,
        f"the model's provider answered {error.status_code}: {message}; {_ADVICE[kind]}",
        retry_after_s=_retry_after_s(error.response.headers.get("retry-after")),
    )


def _message(error: anthropic.APIStatusError) -> str:
    """Give the provider's own words on one line; a proxy may have sent a whole page."""
    body = cast("JsonValue", error.body)
    inner = body.get("error") if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return " ".join(str(message or error.message).split())[:MAX_MESSAGE_CHARS].rstrip(".")


def _retry_after_s(header: str | None) -> float | None:
    """Give the wait that a provider asks for in seconds; its other form, a date, is not used."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if seconds >= 0 else None


def _silent(max_silence_s: float) -> ModelError:
    return ModelError(
        ModelErrorKind.SILENT,
        f"the model said nothing for {max_silence_s:g} seconds; try again",
    )


def _unreachable(base_url: str | None, reason: str) -> ModelError:
    # What stands before an @ is a name and a password.
    where = (base_url or "the Anthropic API").rpartition("@")[2]
    return ModelError(
        ModelErrorKind.UNREACHABLE,
        f"{where} cannot be reached ({reason.rstrip('.')}); check the network and "
        "ANTHROPIC_BASE_URL, or set LSP_AGENT_MODEL=offline to work without a model",
    )
