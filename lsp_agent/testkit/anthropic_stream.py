"""How a message of the model looks on the wire: whole, or as server-sent events.

Nothing here sends anything.
Source: Anthropic Messages API, version 2026-10-21, as the official Python SDK 2.11 reads it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from lsp_agent.testkit.json_values import Json, JsonObject
from lsp_agent.testkit.script import Block, StopReason, Text, Thinking, ToolUse
from lsp_agent.testkit.sse import Event

MAX_CHUNK_SIZE = 24
MIN_CHUNKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantMessage:
    """What the model says in one turn, with templates filled in and ids given."""

    id: str
    model: str
    content: tuple[Block, ...]
    stop_reason: StopReason
    input_tokens: int
    output_tokens: int
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0


def message_body(message: AssistantMessage) -> JsonObject:
    """Give the answer to a request that does not stream."""
    content: list[Json] = [_whole_block(block) for block in message.content]
    usage = _usage(message, output_tokens=message.output_tokens)
    return {
        **_envelope(message),
        "content": content,
        "stop_reason": message.stop_reason,
        "usage": usage,
    }


def stream_events(message: AssistantMessage, *, chunk_size: int | None = None) -> list[Event]:
    """Give the answer to a request that streams, in the order of sending.

    Text, reasoning and tool arguments are cut into pieces of `chunk_size` characters.
    """
    events: list[Event] = [{"type": "message_start", "message": _first_snapshot(message)}]
    for index, block in enumerate(message.content):
        events += _block_events(block, index, chunk_size)
    if len(events) > 1:
        events.insert(2, {"type": "ping"})
    delta: JsonObject = {"stop_reason": message.stop_reason, "stop_sequence": None}
    usage: JsonObject = {"output_tokens": message.output_tokens}
    events.append({"type": "message_delta", "delta": delta, "usage": usage})
    events.append({"type": "message_stop"})
    return events


def chunks(text: str, chunk_size: int | None = None) -> Iterator[str]:
    """Cut `text` into pieces of `chunk_size`, or of a size that gives several."""
    size = chunk_size or max(1, min(MAX_CHUNK_SIZE, -(-len(text) // MIN_CHUNKS)))
    for start in range(0, len(text), size):
        yield text[start : start + size]


def _envelope(message: AssistantMessage) -> JsonObject:
    return {
        "id": message.id,
        "type": "message",
        "role": "assistant",
        "model": message.model,
        "stop_sequence": None,
    }


def _first_snapshot(message: AssistantMessage) -> JsonObject:
    # The real API has counted one token when it starts to stream; later counts are cumulative.
    usage = _usage(message, output_tokens=1)
    return {**_envelope(message), "content": [], "stop_reason": None, "usage": usage}


def _usage(message: AssistantMessage, *, output_tokens: int) -> JsonObject:
    return {
        "input_tokens": message.input_tokens,
        "cache_creation_input_tokens": message.cache_creation_input_tokens,
        "cache_read_input_tokens": message.cache_read_input_tokens,
        "output_tokens": output_tokens,
    }


def _whole_block(block: Block) -> JsonObject:
    match block:
        case Text():
            return {"type": "text", "text": block.text}
        case Thinking():
            return {
                "type": "thinking",
                "thinking": block.thinking,
                "signature": block.signature,
            }
        case ToolUse():
            return _tool_use(block, dict(block.input))
        case _:
            assert_never(block)


def _block_events(block: Block, index: int, chunk_size: int | None) -> list[Event]:
    start, deltas = _block_parts(block, chunk_size)
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def _block_parts(block: Block, chunk_size: int | None) -> tuple[JsonObject, list[JsonObject]]:
    """Give the empty block that a stream starts with, and what is added to it."""
    match block:
        case Text():
            start: JsonObject = {"type": "text", "text": ""}
            return start, _deltas("text_delta", "text", chunks(block.text, chunk_size))
        case Thinking():
            pieces = chunks(block.thinking, chunk_size)
            deltas = _deltas("thinking_delta", "thinking", pieces)
            deltas.append({"type": "signature_delta", "signature": block.signature})
            return {"type": "thinking", "thinking": "", "signature": ""}, deltas
        case ToolUse():
            arguments = json.dumps(dict(block.input), ensure_ascii=False)
            # The real API opens every tool call with an empty piece.
            pieces = ["", *chunks(arguments, chunk_size)]
            return _tool_use(block, {}), _deltas("input_json_delta", "partial_json", pieces)
        case _:
            assert_never(block)


def _deltas(kind: str, key: str, pieces: Iterator[str] | list[str]) -> list[JsonObject]:
    return [{"type": kind, key: piece} for piece in pieces]


def _tool_use(block: ToolUse, arguments: JsonObject) -> JsonObject:
    return {"type": "tool_use", "id": block.id, "name": block.name, "input": arguments}
