"""The tools that the conformance suite calls, as far as they are tools like ours."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from mcp_tools.types.attending import Progress, Question
from mcp_tools.types.calls import Answer, Attachment, Tool, ToolContext
from mcp_tools.types.errors import ExpectedError

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One pixel, as PNG."""

SILENCE = bytes.fromhex(
    "524946462400000057415645666d74201000000001000100401f0000803e00000200100064617461" + "00000000"
)
"""No sound at all, as WAV."""


class Nothing(BaseModel):
    """No arguments."""

    model_config = ConfigDict(extra="forbid")


class Message(BaseModel):
    """What a person is told."""

    model_config = ConfigDict(extra="forbid")
    message: str = Field(description="what the person is asked", max_length=1000)


class Said(BaseModel):
    """A text."""

    text: str


async def _simple(context: ToolContext, arguments: Nothing) -> Answer:
    del context, arguments
    return _answer("This is a simple text response for testing.")


async def _image(context: ToolContext, arguments: Nothing) -> Answer:
    del context, arguments
    return _answer("An image.", Attachment(mime_type="image/png", content=PIXEL))


async def _audio(context: ToolContext, arguments: Nothing) -> Answer:
    del context, arguments
    return _answer("A sound.", Attachment(mime_type="audio/wav", content=SILENCE))


async def _embedded(context: ToolContext, arguments: Nothing) -> Answer:
    del context, arguments
    content = b"This is an embedded resource content."
    uri = "test://embedded-resource"
    return _answer("A file.", Attachment(mime_type="text/plain", content=content, uri=uri))


async def _mixed(context: ToolContext, arguments: Nothing) -> Answer:
    del context, arguments
    content = b'{"test":"data","value":123}'
    uri = "test://mixed-content-resource"
    return _answer(
        "Multiple content types test:",
        Attachment(mime_type="image/png", content=PIXEL),
        Attachment(mime_type="application/json", content=content, uri=uri),
    )


async def _error(context: ToolContext, arguments: Nothing) -> Answer:
    raise ExpectedError("This tool intentionally returns an error for testing")


async def _progress(context: ToolContext, arguments: Nothing) -> Answer:
    del arguments
    for done in (0, 50, 100):
        context.attendant.report(Progress(done=done, total=100))
        # Of progress that follows soon on other progress, only the last is told.
        await asyncio.sleep(0.1)
    return _answer("All of it is done.")


async def _ask(context: ToolContext, arguments: Message) -> Answer:
    return _answer(f"The person said: {await _reply(context, arguments.message)}")


async def _ask_once(context: ToolContext, arguments: Nothing) -> Answer:
    del arguments
    return _answer(f"The person said: {await _reply(context, 'Is that well?')}")


async def _ask_twice(context: ToolContext, arguments: Nothing) -> Answer:
    del arguments
    name = await _reply(context, "Step 1: What is your name?")
    color = await _reply(context, "Step 2: What is your favorite color?")
    return _answer(f"{name} likes {color}.")


async def _reply(context: ToolContext, question: str) -> str:
    reply = await context.attendant.person.ask(Question(text=question))
    return "nothing that was asked for" if reply is None else reply.text


def _answer(text: str, *attachments: Attachment) -> Answer:
    return Answer(text=text, data=Said(text=text), attachments=attachments)


def _tool(
    name: str,
    run: Callable[[ToolContext, Any], Awaitable[Answer]],
    input_model: type[BaseModel] = Nothing,
) -> Tool:
    return Tool(
        name=name,
        title=name,
        description=f"What the conformance suite calls {name}.",
        input_model=input_model,
        output_model=Said,
        run=run,
    )


TOOLS: tuple[Tool, ...] = (
    _tool("test_audio_content", _audio),
    _tool("test_elicitation", _ask, Message),
    _tool("test_embedded_resource", _embedded),
    _tool("test_error_handling", _error),
    _tool("test_image_content", _image),
    _tool("test_input_required_result_multi_round", _ask_twice),
    _tool("test_input_required_result_request_state", _ask_once),
    _tool("test_input_required_result_tampered_state", _ask_once),
    _tool("test_logging_tool", _simple),
    _tool("test_multiple_content_types", _mixed),
    _tool("test_simple_text", _simple),
    _tool("test_streaming_elicitation", _ask_once),
    _tool("test_tool_with_progress", _progress),
)
"""Sorted by name."""
