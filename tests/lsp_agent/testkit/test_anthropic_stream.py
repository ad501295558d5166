"""The events of an answer, without a server."""

import json

import pytest

from lsp_agent.testkit.anthropic_stream import (
    AssistantMessage,
    chunks,
    message_body,
    stream_events,
)
from lsp_agent.testkit.json_values import object_or_empty
from lsp_agent.testkit.script import Block, Text, Thinking, ToolUse
from lsp_agent.testkit.sse import encode


def message(*content: Block) -> AssistantMessage:
    return AssistantMessage(
        id="msg_1",
        model="m",
        content=content,
        stop_reason="end_turn",
        input_tokens=9,
        output_tokens=15,
    )


def test_events_come_in_the_order_of_the_real_api() -> None:
    kinds = [event["type"] for event in stream_events(message(Text(text="abc")), chunk_size=2)]
    assert kinds == [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def test_an_answer_without_blocks_still_starts_and_stops() -> None:
    kinds = [event["type"] for event in stream_events(message())]
    assert kinds == ["message_start", "message_delta", "message_stop"]


def test_the_pieces_of_a_tool_input_add_up_to_its_json() -> None:
    block = ToolUse(name="t", input={"text": "ä" * 50, "n": 1}, id="i")
    deltas = [object_or_empty(event.get("delta")) for event in stream_events(message(block))]
    pieces = [f"{delta['partial_json']}" for delta in deltas if "partial_json" in delta]
    assert pieces[0] == ""
    assert len(pieces) > 3
    assert json.loads("".join(pieces)) == block.input


def test_reasoning_ends_with_its_signature() -> None:
    events = stream_events(message(Thinking(thinking="hm", signature="s")))
    deltas = [object_or_empty(event.get("delta")) for event in events if "index" in event]
    kinds = [delta.get("type") for delta in deltas if delta]
    assert kinds == ["thinking_delta", "thinking_delta", "signature_delta"]


def test_output_tokens_are_cumulative() -> None:
    events = stream_events(message(Text(text="abc")))
    start = object_or_empty(object_or_empty(events[0]["message"])["usage"])
    assert (start["input_tokens"], start["output_tokens"]) == (9, 1)
    assert events[-2]["usage"] == {"output_tokens": 15}


def test_a_whole_message_has_the_blocks_as_they_are() -> None:
    body = message_body(message(Text(text="x"), ToolUse(name="t", input={"a": 1}, id="i")))
    assert body["content"] == [
        {"type": "text", "text": "x"},
        {"type": "tool_use", "id": "i", "name": "t", "input": {"a": 1}},
    ]
    assert body["stop_reason"] == "end_turn"


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("", None, []),
        ("a", None, ["a"]),
        ("abcdef", None, ["ab", "cd", "ef"]),
        ("abcdef", 4, ["abcd", "ef"]),
        ("x" * 100, None, ["x" * 24] * 4 + ["x" * 4]),
    ],
)
def test_text_is_cut_into_pieces(text: str, size: int | None, expected: list[str]) -> None:
    assert list(chunks(text, size)) == expected


def test_an_event_repeats_its_name_and_takes_one_line_of_data() -> None:
    encoded = encode({"type": "x", "text": "a\nü"}).decode()
    assert encoded == 'event: x\ndata: {"type": "x", "text": "a\\n\\u00fc"}\n\n'
