"""What a provider should never send, and a stand-in of it sometimes does; over raw sockets."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from lsp_agent.models.anthropic import AnthropicModel
from lsp_agent.models.port import (
    BlockDone,
    Message,
    ModelError,
    ModelErrorKind,
    ModelEvent,
    ModelRequest,
    Text,
    ToolUse,
)
from lsp_agent.testkit.json_values import Json, JsonObject
from lsp_agent.testkit.sse import encode
from tests.support.sessions import KEY, LIMIT_S, MODEL, taken

REQUEST = ModelRequest(system="Be brief.", messages=(Message("user", (Text("Hello"),)),))
START: JsonObject = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    },
}
END: JsonObject = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn", "stop_sequence": None},
    "usage": {"output_tokens": 1},
}


def block(start: JsonObject, *deltas: JsonObject) -> list[JsonObject]:
    """Give the events of one block."""
    return [
        {"type": "content_block_start", "index": 0, "content_block": start},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
    ]


def tool_call(arguments: str) -> list[JsonObject]:
    """Give the events of a tool call with this text for an input."""
    start: JsonObject = {"type": "tool_use", "id": "t1", "name": "list_dir", "input": {}}
    return block(start, {"type": "input_json_delta", "partial_json": arguments})


@asynccontextmanager
async def speaking(answer: bytes | None) -> AsyncGenerator[str, None]:
    """Give the address of a server that answers every request so; None says nothing at all."""
    handlers: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        # Closing with unread input would reset the connection, and lose the answer.
        length = re.search(rb"content-length: (\d+)", head, re.I)
        await reader.readexactly(int(length[1]) if length else 0)
        with suppress(ConnectionError):
            if answer is None:
                await reader.read()
            else:
                writer.write(answer)
            writer.close()
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            async with asyncio.timeout(LIMIT_S):
                await asyncio.gather(*handlers)


async def ask(answer: bytes | None) -> list[ModelEvent]:
    async with speaking(answer) as url:
        model = AnthropicModel(MODEL, api_key=KEY, base_url=url, max_silence_s=0.2)
        return await taken(model.stream(REQUEST))


async def stream(*events: JsonObject) -> list[ModelEvent]:
    """Ask a server that streams these events."""
    body = b"".join(encode(event) for event in (START, *events, END))
    head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    return await ask(head.encode("ascii") + body)


async def failure(answer: bytes | None) -> ModelError:
    with pytest.raises(ModelError) as raised:
        await ask(answer)
    return raised.value


def whole(status: str, kind: str, body: str) -> bytes:
    """Give an answer that is no stream."""
    data = body.encode("utf-8")
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(data)}\r\n\r\n"
    return head.encode("ascii") + data


@pytest.mark.asyncio
async def test_a_provider_that_takes_the_request_and_says_nothing_is_told_apart() -> None:
    error = await failure(None)
    assert error.kind is ModelErrorKind.SILENT
    assert str(error) == "the model said nothing for 0.2 seconds; try again"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("[1]", "the input must be a JSON object, got list"),
        ('"a"', "the input must be a JSON object, got str"),
        ("[" * 200_000, "the input is not valid JSON"),
        ('{"n": ' + "9" * 5000 + "}", "the input is not valid JSON"),
        ('{"a": 1', "the input is not valid JSON"),
    ],
    ids=["a list", "a text", "nested without end", "a number without end", "cut off"],
)
async def test_tool_input_that_is_no_object_is_a_call_with_a_problem(
    arguments: str, problem: str
) -> None:
    events = await stream(*tool_call(arguments))
    (done,) = [event for event in events if isinstance(event, BlockDone)]
    assert isinstance(done.block, ToolUse)
    assert done.block.input == {}
    assert (done.block.problem or "").startswith(problem)


@pytest.mark.asyncio
async def test_numbers_in_tool_input_stay_numbers() -> None:
    (done, _) = await stream(*tool_call('{"a": 1, "b": -0.5, "c": 1e3}'))
    assert isinstance(done, BlockDone)
    assert isinstance(done.block, ToolUse)
    assert json.dumps(done.block.input) == '{"a": 1, "b": -0.5, "c": 1000.0}'


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "start",
    [
        {"type": "redacted_thinking", "data": "x"},
        {"type": "text", "text": ""},
        {"type": "from_the_future", "text": "x"},
    ],
)
async def test_a_block_of_no_use_is_left_out(start: JsonObject) -> None:
    events = await stream(*block(start, {"type": "from_the_future"}))
    assert not [event for event in events if isinstance(event, BlockDone)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "event",
    [
        {"type": "content_block_stop", "index": 7},
        {
            "type": "content_block_delta",
            "index": 7,
            "delta": {"type": "text_delta", "text": "x"},
        },
        block({"type": "text", "text": ""})[0],
    ],
    ids=["ends nothing", "adds to nothing", "never ends"],
)
async def test_blocks_that_do_not_add_up_break_the_answer(event: JsonObject) -> None:
    with pytest.raises(ModelError) as raised:
        await stream(event)
    assert raised.value.kind is ModelErrorKind.BROKEN_STREAM


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (whole("200 OK", "text/html", "<html>Welcome</html>"), ModelErrorKind.BROKEN_STREAM),
        (whole("502 Bad", "text/html", "<html>Sorry</html>"), ModelErrorKind.PROVIDER_FAULT),
        (whole("418 Teapot", "application/json", "[1]"), ModelErrorKind.REJECTED),
        (b"what?\r\n\r\n", ModelErrorKind.UNREACHABLE),
    ],
    ids=["a page", "a page of a proxy", "an unknown status", "no HTTP"],
)
async def test_an_answer_of_something_else_is_a_model_error(
    answer: bytes, kind: ModelErrorKind
) -> None:
    assert (await failure(answer)).kind is kind


@pytest.mark.asyncio
@pytest.mark.parametrize("date", ["Wed, 21 Oct 2099 07:28:00 GMT", "soon", "-1", "nan", ""])
async def test_a_wait_that_is_no_number_of_seconds_is_not_used(date: str) -> None:
    body: Json = {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow"}}
    answer = whole("429 Slow", "application/json", json.dumps(body))
    answer = answer.replace(b"\r\n", f"\r\nretry-after: {date}\r\n".encode("ascii"), 1)
    error = await failure(answer)
    assert error.kind is ModelErrorKind.RATE_LIMITED
    assert error.retry_after_s is None
