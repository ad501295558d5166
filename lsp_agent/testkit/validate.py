"""What the real Messages API refuses, so that a client's slip shows in its tests.

Source: Anthropic Messages API, version 2026-10-21; the texts follow those of the real API.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from lsp_agent.testkit.json_values import JsonObject, objects_in, text_or_none
from lsp_agent.testkit.request import blocks_of

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
ROLES = ("user", "assistant", "system")


def find_problem(body: JsonObject) -> str | None:
    """Give the first thing for which the real API would refuse `body` with HTTP 400."""
    return next(_problems(body), None)


def _problems(body: JsonObject) -> Iterator[str]:
    yield from _field_problems(body)
    yield from _tool_problems(objects_in(body.get("tools")))
    for index, block in enumerate(objects_in(body.get("system"))):
        yield from _text_problems(block, f"system.{index}")
    messages = objects_in(body.get("messages"))
    yield from _message_problems(messages)
    yield from _pairing_problems(_merged(messages))


def _field_problems(body: JsonObject) -> Iterator[str]:
    if not text_or_none(body.get("model")):
        yield "model: Field required"
    max_tokens = body.get("max_tokens")
    if max_tokens is None:
        yield "max_tokens: Field required"
    elif not isinstance(max_tokens, int) or max_tokens < 1:
        yield "max_tokens: Input should be an integer greater than or equal to 1"
    messages = body.get("messages")
    if not isinstance(messages, list):
        yield "messages: Field required"
    elif not messages:
        yield "messages: at least one message is required"
    elif len(objects_in(messages)) != len(messages):
        yield "messages: Input should be a list of objects"


def _tool_problems(tools: list[JsonObject]) -> Iterator[str]:
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        name = text_or_none(tool.get("name")) or ""
        if not TOOL_NAME.fullmatch(name):
            pattern = f"^{TOOL_NAME.pattern}$"
            yield f"tools.{index}.custom.name: String should match pattern '{pattern}'"
        if name in seen:
            yield "tools: Tool names must be unique."
        seen.add(name)


def _message_problems(messages: list[JsonObject]) -> Iterator[str]:
    for index, message in enumerate(messages):
        role = message.get("role")
        place = f"messages.{index}"
        if role not in ROLES:
            yield f"{place}.role: Input should be 'user', 'assistant' or 'system'"
        if index == 0 and role != "user":
            yield 'messages: first message must use the "user" role'
        blocks = blocks_of(message)
        is_last_answer = role == "assistant" and index == len(messages) - 1
        if not blocks and not is_last_answer:
            yield (
                f"{place}: all messages must have non-empty content"
                " except for the optional final assistant message"
            )
        for block_index, block in enumerate(blocks):
            yield from _block_problems(block, str(role), f"{place}.content.{block_index}")


def _block_problems(block: JsonObject, role: str, place: str) -> Iterator[str]:
    kind = block.get("type")
    yield from _text_problems(block, place)
    if not isinstance(kind, str):
        yield f"{place}.type: Field required"
    if kind == "tool_use" and role != "assistant":
        yield f"{place}: `tool_use` blocks can only be in `assistant` messages"
    if kind == "tool_result" and role != "user":
        yield f"{place}: `tool_result` blocks can only be in `user` messages"


def _text_problems(block: JsonObject, place: str) -> Iterator[str]:
    if block.get("type") != "text":
        return
    text = block.get("text")
    if not isinstance(text, str):
        yield f"{place}.text: Field required"
    elif not text:
        yield f"{place}: text content blocks must be non-empty"
    elif not text.strip():
        yield f"{place}: text content blocks must contain non-whitespace text"


def _merged(messages: list[JsonObject]) -> list[tuple[str, list[JsonObject]]]:
    """Join neighbors of one role, as the real API does before it pairs calls."""
    merged: list[tuple[str, list[JsonObject]]] = []
    for message in messages:
        role = str(message.get("role"))
        if merged and merged[-1][0] == role:
            merged[-1][1].extend(blocks_of(message))
        else:
            merged.append((role, list(blocks_of(message))))
    return merged


def _pairing_problems(merged: list[tuple[str, list[JsonObject]]]) -> Iterator[str]:
    calls = [_ids(blocks, "tool_use", "id") for _, blocks in merged]
    results = [_ids(blocks, "tool_result", "tool_use_id") for _, blocks in merged]
    all_calls = [id_ for ids in calls for id_ in ids]
    if len(set(all_calls)) != len(all_calls):
        yield "messages: `tool_use` ids must be unique"
    for index, (called, answered) in enumerate(zip([[], *calls], [*results, []], strict=True)):
        yield from _unpaired(called, answered, index)
    for index, (_, blocks) in enumerate(merged):
        if _result_follows_other(blocks):
            yield (
                f"messages.{index}: `tool_result` blocks must come first in the content of"
                " the message that follows their `tool_use` blocks"
            )


def _ids(blocks: list[JsonObject], kind: str, key: str) -> list[str]:
    return [str(block.get(key)) for block in blocks if block.get("type") == kind]


def _unpaired(called: list[str], answered: list[str], index: int) -> Iterator[str]:
    """Compare the calls of the message before `index` with the results in it."""
    missing = [id_ for id_ in called if id_ not in answered]
    if missing:
        yield (
            f"messages.{index - 1}: `tool_use` ids were found without `tool_result` blocks"
            f" immediately after: {', '.join(missing)}. Each `tool_use` block must have a"
            " corresponding `tool_result` block in the next message."
        )
    for id_ in answered:
        if id_ not in called:
            yield (
                f"messages.{index}: unexpected `tool_use_id` found in `tool_result` blocks:"
                f" {id_}. Each `tool_result` block must have a corresponding `tool_use` block"
                " in the previous message."
            )
    if len(set(answered)) != len(answered):
        yield f"messages.{index}: each tool_use must have a single result"


def _result_follows_other(blocks: list[JsonObject]) -> bool:
    kinds = [block.get("type") == "tool_result" for block in blocks]
    return any(later and not earlier for earlier, later in pairwise(kinds))
