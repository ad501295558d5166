"""A client that asks a scripted model, as an agent would."""

import httpx2
from anthropic import Anthropic
from anthropic.types import Message, MessageParam, ToolParam

from lsp_agent.testkit.json_values import JsonObject
from lsp_agent.testkit.server import ScriptedModel

MODEL = "claude-sonnet-5-5"
READ_FILE: ToolParam = {"name": "read_file", "input_schema": {"type": "object"}}
BODY: JsonObject = {
    "model": MODEL,
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hi"}],
}


def client(model: ScriptedModel, *, api_key: str = "key") -> Anthropic:
    """Give an SDK client that neither tries again nor waits for long; close it."""
    # Reading the machine's certificates takes longer than a test, and loopback needs none.
    transport = httpx2.Client(verify=False, timeout=5.0)
    return Anthropic(
        api_key=api_key, base_url=model.url, max_retries=0, timeout=5.0, http_client=transport
    )


def ask(model: ScriptedModel, *messages: MessageParam | str) -> Message:
    """Ask once, streaming, and give the whole answer."""
    with (
        client(model) as sdk,
        sdk.messages.stream(
            model=MODEL, max_tokens=100, messages=[_message(m) for m in messages or ("hi",)]
        ) as stream,
    ):
        return stream.get_final_message()


def ask_whole(model: ScriptedModel, text: str = "hi") -> Message:
    """Ask once, without streaming."""
    with client(model) as sdk:
        return sdk.messages.create(model=MODEL, max_tokens=100, messages=[_message(text)])


def spoken(message: Message) -> str:
    """Give the text of an answer."""
    return "".join(block.text for block in message.content if block.type == "text")


def _message(message: MessageParam | str) -> MessageParam:
    return {"role": "user", "content": message} if isinstance(message, str) else message
