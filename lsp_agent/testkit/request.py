"""What a client asks of the model, as a script and a test look at it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lsp_agent.testkit.json_values import (
    Json,
    JsonObject,
    objects_in,
    text_or_none,
)

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """The parts of a request's body that matter to a script."""

    model: str
    system: str
    """The system prompt's blocks, joined by line ends; empty if there is none."""
    last_user: str | None
    """The text of the newest user message that has any; None if no message has."""
    last_tool_result: str | None
    """The text of the newest tool result of the conversation; None if there is none."""
    tool_names: tuple[str, ...]
    """The tools that the client offers, in its order."""
    answered_tools: tuple[str, ...]
    """The tools whose results the last message carries, in its order."""
    n_messages: int
    n_tokens: int
    """An estimate for the whole prompt, at four characters a token."""
    streams: bool
    digest: str
    """16 hexadecimal digits that change with the last message; empty if there is none."""


def read_request(body: JsonObject) -> ModelRequest:
    """Read what a request says; whatever is missing or malformed counts as not said."""
    messages = objects_in(body.get("messages"))
    results = tool_results(messages)
    prompt = [body.get("system"), body.get("tools"), body.get("messages")]
    return ModelRequest(
        model=text_or_none(body.get("model")) or "",
        system=text_of(body.get("system")),
        last_user=_last_user(messages),
        last_tool_result=text_of(results[-1].get("content")) if results else None,
        tool_names=tuple(_names(body.get("tools"))),
        answered_tools=_answered_tools(messages),
        n_messages=len(messages),
        n_tokens=n_tokens(json.dumps(prompt, ensure_ascii=False)),
        streams=body.get("stream") is True,
        digest=_digest(messages[-1]) if messages else "",
    )


def blocks_of(message: JsonObject) -> list[JsonObject]:
    """Give the content blocks of a message; a plain text counts as one text block."""
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return objects_in(content)


def tool_results(messages: list[JsonObject]) -> list[JsonObject]:
    """Give the tool results of a conversation, oldest first."""
    blocks = [block for message in messages for block in blocks_of(message)]
    return [block for block in blocks if block.get("type") == "tool_result"]


def text_of(content: Json) -> str:
    """Give the text of a content field, its blocks joined by line ends."""
    if isinstance(content, str):
        return content
    texts = (text_or_none(block.get("text")) for block in objects_in(content))
    return "\n".join(text for text in texts if text is not None)


def n_tokens(text: str) -> int:
    """Estimate how many tokens `text` takes; the relations hold, the numbers do not."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _last_user(messages: list[JsonObject]) -> str | None:
    for message in reversed(messages):
        if message.get("role") == "user" and (text := text_of(message.get("content"))):
            return text
    return None


def _names(tools: Json) -> list[str]:
    names = (text_or_none(tool.get("name")) for tool in objects_in(tools))
    return [name for name in names if name is not None]


def _answered_tools(messages: list[JsonObject]) -> tuple[str, ...]:
    name_by_id = _tool_name_by_id(messages)
    ids = (text_or_none(result.get("tool_use_id")) for result in tool_results(messages[-1:]))
    return tuple(name_by_id[id_] for id_ in ids if id_ in name_by_id)


def _tool_name_by_id(messages: list[JsonObject]) -> Mapping[str | None, str]:
    blocks = [block for message in messages for block in blocks_of(message)]
    return MappingProxyType(
        {
            text_or_none(block.get("id")): text_or_none(block.get("name")) or ""
            for block in blocks
            if block.get("type") == "tool_use"
        }
    )


def _digest(message: JsonObject) -> str:
    canonical = json.dumps(message, sort_keys=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:16]
