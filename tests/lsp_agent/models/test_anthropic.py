"""What a Claude model is sent, and what is made of its answers; over real HTTP."""

from pathlib import Path

import pytest

from lsp_agent.models.anthropic import AnthropicModel
from lsp_agent.models.port import (
    BlockDone,
    Message,
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
from lsp_agent.testkit.json_values import Json, JsonObject
from lsp_agent.testkit.server import ScriptedModel
from tests.support.sessions import KEY, MODEL, taken

LIST_DIR = ToolSpec(name="list_dir", description="List.", input_schema={"type": "object"})


def hello(*more: Message) -> ModelRequest:
    messages = (Message("user", (Text("Hello"),)), *more)
    return ModelRequest(system="Be brief.", messages=messages, tools=(LIST_DIR,))


async def ask(request: ModelRequest, turn: Json) -> tuple[list[ModelEvent], JsonObject]:
    """Ask once; give what came and the body that was sent."""
    with ScriptedModel([turn]) as server:
        model = AnthropicModel(MODEL, api_key=KEY, base_url=server.url)
        events = await taken(model.stream(request))
    (record,) = server.requests
    assert record.error is None
    return events, record.body or {}


def blocks(events: list[ModelEvent]) -> list[Text | Thinking | ToolUse]:
    return [event.block for event in events if isinstance(event, BlockDone)]


@pytest.mark.asyncio
async def test_a_request_has_model_system_tools_and_a_cache_mark() -> None:
    _, body = await ask(hello(), "Hi.")
    assert body == {
        "model": MODEL,
        "max_tokens": 16_000,
        "stream": True,
        "system": "Be brief.",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
        "tools": [{"name": "list_dir", "description": "List.", "input_schema": {"type": "object"}}],
        "cache_control": {"type": "ephemeral"},
    }


@pytest.mark.asyncio
async def test_thoughts_calls_and_results_are_sent_back_as_they_were() -> None:
    reply = Message(
        "assistant",
        (
            Thinking(text="hm", signature="sig"),
            Text("I look."),
            ToolUse(id="t1", name="list_dir", input={"path": "."}),
            ToolUse(id="t2", name="list_dir", input={}),
        ),
    )
    results = Message(
        "user",
        (
            ToolResultBlock(tool_use_id="t1", text="a.py", data={"not": "sent"}),
            ToolResultBlock(tool_use_id="t2", text=" \n", is_error=True),
        ),
    )
    _, body = await ask(hello(reply, results), "Hi.")
    assert isinstance(messages := body["messages"], list)
    assert messages[1:] == [
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "sig"},
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "t1", "name": "list_dir", "input": {"path": "."}},
                {"type": "tool_use", "id": "t2", "name": "list_dir", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "t1",
                    "content": "a.py",
                    "is_error": False,
                },
                {
                    "type": "tool_result",
                    "tool_use_id": "t2",
                    "content": "(no output)",
                    "is_error": True,
                },
            ],
        },
    ]


@pytest.mark.asyncio
async def test_half_a_character_is_sent_as_a_question_mark() -> None:
    """An editor may send half of a surrogate pair, which no UTF-8 can carry."""
    half = "a\ud800b"
    call = ToolUse(id="t1", name="list_dir", input={half: [half, 1]})
    request = hello(
        Message("assistant", (Text(half), call)),
        Message("user", (ToolResultBlock(tool_use_id="t1", text=half),)),
    )
    _, body = await ask(request, "Hi.")
    assert str(body).count("a?b") == 4


@pytest.mark.asyncio
async def test_text_comes_in_pieces_and_then_whole() -> None:
    events, _ = await ask(hello(), {"content": "Hello there", "chunk_size": 4})
    chunks = [event.text for event in events if isinstance(event, TextChunk)]
    assert chunks == ["Hell", "o th", "ere"]
    assert blocks(events) == [Text("Hello there")]


@pytest.mark.asyncio
async def test_thoughts_and_calls_come_whole() -> None:
    content: Json = [
        {"type": "thinking", "thinking": "hm, hm", "signature": "sig"},
        {"type": "tool_use", "id": "t1", "name": "list_dir", "input": {"path": "ä/😀"}},
        {"type": "tool_use", "id": "t2", "name": "list_dir"},
    ]
    events, _ = await ask(hello(), {"content": content, "chunk_size": 1})
    assert blocks(events) == [
        Thinking(text="hm, hm", signature="sig"),
        ToolUse(id="t1", name="list_dir", input={"path": "ä/😀"}),
        ToolUse(id="t2", name="list_dir", input={}),
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("end_turn", StopReason.END_TURN),
        ("stop_sequence", StopReason.END_TURN),
        ("pause_turn", StopReason.END_TURN),
        ("tool_use", StopReason.TOOL_USE),
        ("max_tokens", StopReason.MAX_TOKENS),
        ("model_context_window_exceeded", StopReason.MAX_TOKENS),
        ("refusal", StopReason.REFUSAL),
    ],
)
async def test_the_reason_to_stop_and_the_usage_come_last(name: str, expected: StopReason) -> None:
    usage: Json = {
        "input_tokens": 1,
        "output_tokens": 20,
        "cache_creation_input_tokens": 3,
        "cache_read_input_tokens": 4,
    }
    events, _ = await ask(hello(), {"content": "Hi.", "stop_reason": name, "usage": usage})
    assert events[-1] == Stopped(
        reason=expected,
        usage=Usage(input_tokens=1, output_tokens=20, cache_write_tokens=3, cache_read_tokens=4),
    )


@pytest.mark.asyncio
async def test_tool_input_that_is_not_json_is_a_call_with_a_problem() -> None:
    call: Json = {"type": "tool_use", "id": "t1", "name": "list_dir", "input": {"path": "a"}}
    events, _ = await ask(hello(), {"content": [call], "fault": "bad_tool_json"})
    (block,) = blocks(events)
    assert isinstance(block, ToolUse)
    assert block.input == {}
    assert (block.problem or "").startswith("the input is not valid JSON")


@pytest.mark.asyncio
@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
async def test_a_number_that_is_none_in_json_is_a_call_with_a_problem(number: str) -> None:
    """It could never be sent back, and the conversation would be stuck."""
    value = float(number)
    call: Json = {"type": "tool_use", "id": "t1", "name": "list_dir", "input": {"n": value}}
    events, _ = await ask(hello(), {"content": [call]})
    (block,) = blocks(events)
    assert isinstance(block, ToolUse)
    assert "expected a finite number" in (block.problem or "")


@pytest.mark.asyncio
async def test_closing_the_answer_early_leaves_the_provider() -> None:
    with ScriptedModel([{"content": "Hello there", "fault": "hang"}]) as server:
        model = AnthropicModel(MODEL, api_key=KEY, base_url=server.url)
        stream = model.stream(hello())
        assert isinstance(await anext(stream), TextChunk)
        await stream.aclose()
        assert server.wait_for_ending(1).ending == "client_closed"


@pytest.mark.asyncio
async def test_the_key_is_sent_and_written_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    log = tmp_path / "log.jsonl"
    with ScriptedModel({"turns": ["Hi."], "api_key": KEY}, log) as server:
        model = AnthropicModel(MODEL, api_key=KEY, base_url=server.url)
        await taken(model.stream(hello()))
    assert [record.status for record in server.requests] == [200]
    assert "[cut]" in log.read_text(encoding="utf-8")
    assert KEY not in log.read_text(encoding="utf-8")
    assert KEY not in caplog.text
