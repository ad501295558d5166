"""Claude models over the Anthropic Messages API.

Source: https://docs.claude.com/en/api/messages-streaming (API version 2026-10-21).
"""

import json
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
    ModelErrorKind.NOT_CONFIGURED: "check the model's name in LSP_AGENT_MODEL or the settings file",
    ModelErrorKind.TOO_LONG: "ask about a smaller part",
    ModelErrorKind.RATE_LIMITED: "wait a little and try again",
    ModelErrorKind.OVERLOADED: "wait a little and try again",
}


class AnthropicModel:
    """One Claude model; implements Model."""

    def __init__(self, name: str, *, api_key: str | None, base_url: str | None) -> None:
        """Take the model's id; key and address default to what the SDK finds in the environment.

        Nothing is contacted yet.
        """
        self._name = name
        self._api_key = api_key
        self._base_url = base_url

    @property
    def name(self) -> str:
        """The model's id."""
        return self._name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask, and give the answer as it is written.

        Raises: ModelError.
        """
        try:
            async with anthropic.AsyncAnthropic(
                api_key=self._api_key, base_url=self._base_url
            ) as client:
                stream = await client.messages.create(**self._wire(request), stream=True)
                async with stream:
                    reply = _Reply()
                    async for event in stream:
                        for found in reply.take(event):
                            yield found
                    yield reply.stopped()
        except anthropic.APIStatusError as error:
            raise _status_error(error) from error
        except anthropic.APIConnectionError as error:
            raise _unreachable(self._base_url, error) from error
        except (httpx2.HTTPError, ValueError, AssertionError) as error:
            # How SDK 2 lets a cut connection, an unreadable event and an early end through.
            raise ModelError(ModelErrorKind.BROKEN_STREAM, BROKEN_OFF) from error
        except anthropic.AnthropicError as error:
            raise ModelError(ModelErrorKind.PROVIDER_FAULT, str(error)) from error
        except TypeError as error:
            # How SDK 2 says that it found no credential.
            if "authentication" not in str(error):
                raise
            raise ModelError(
                ModelErrorKind.NOT_CONFIGURED,
                "there is no API key; set ANTHROPIC_API_KEY, or LSP_AGENT_MODEL=offline to "
                "work without one",
            ) from error

    def _wire(self, request: ModelRequest) -> WireObject:
        return {
            "model": self._name,
            "max_tokens": request.max_output_tokens,
            "system": request.system,
            "messages": [_wire_message(message) for message in request.messages],
            "tools": [_wire_tool(tool) for tool in request.tools],
            "cache_control": {"type": "ephemeral"},
        }


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
        match delta:
            case api.TextDelta():
                block.text += delta.text
                return (TextChunk(delta.text),)
            case api.InputJSONDelta():
                block.text += delta.partial_json
            case api.ThinkingDelta():
                block.text += delta.thinking
            case api.SignatureDelta():
                block.signature += delta.signature
            case _:
                pass
        return ()


def _finished(block: _OpenBlock) -> Text | Thinking | ToolUse | None:
    match block.start:
        case api.TextBlock():
            text = block.start.text + block.text
            return Text(text) if text else None
        case api.ThinkingBlock():
            return Thinking(text=block.start.thinking + block.text, signature=block.signature)
        case api.ToolUseBlock():
            return _tool_use(block.start, block.text)
        case _:
            return None


def _tool_use(start: api.ToolUseBlock, text: str) -> ToolUse:
    problem = None
    arguments: JsonObject = {}
    try:
        value: JsonValue = json.loads(text or "{}")
        if isinstance(value, dict):
            arguments = value
        else:
            problem = f"the input must be a JSON object, got {type(value).__name__}"
    except ValueError as error:
        problem = f"the input is not valid JSON ({error}); send the call again, whole"
    return ToolUse(id=start.id, name=start.name, input=arguments, problem=problem)


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
            return {"type": "text", "text": text}
        case Thinking():
            return {"type": "thinking", "thinking": block.text, "signature": block.signature}
        case ToolUse():
            return {"type": "tool_use", "id": block.id, "name": block.name, "input": block.input}
        case ToolResultBlock():
            return {
                "type": "tool_result",
                "tool_use_id": block.tool_use_id,
                "content": block.text or "(no output)",
                "is_error": block.is_error,
            }
        case _:
            assert_never(block)


def _wire_tool(tool: ToolSpec) -> WireObject:
    return {
        "name": tool.name,
        "description": tool.description,
        "input_schema": tool.input_schema,
    }


def _status_error(error: anthropic.APIStatusError) -> ModelError:
    kind = _KINDS_BY_STATUS.get(error.status_code)
    if kind is None:
        kind = _KINDS_BY_TYPE.get(str(error.type))
    if kind is None:
        fault = error.status_code >= 500 or error.status_code == 200
        kind = ModelErrorKind.PROVIDER_FAULT if fault else ModelErrorKind.REJECTED
    advice = _ADVICE.get(kind)
    text = f"the model's provider answered {error.status_code}: {_message(error)}"
    return ModelError(kind, f"{text}; {advice}" if advice else text)


def _message(error: anthropic.APIStatusError) -> str:
    body = cast("JsonValue", error.body)
    inner = body.get("error") if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return str(message or error.message)


def _unreachable(base_url: str | None, error: anthropic.APIConnectionError) -> ModelError:
    where = base_url or "the Anthropic API"
    return ModelError(
        ModelErrorKind.UNREACHABLE,
        f"{where} cannot be reached ({error.message}); check the network, or set "
        "LSP_AGENT_MODEL=offline to work without a model",
    )
