"""Playing a script: which turn answers a request, and what it says to it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from lsp_agent.testkit.anthropic_stream import AssistantMessage
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.request import ModelRequest, n_tokens
from lsp_agent.testkit.script import Block, Match, Script, Text, Thinking, ToolUse, Turn

TEMPLATE = re.compile(r"\{\{(last_user|last_tool_result)\}\}")


class TemplateError(ValueError):
    """A template string that has nothing to be filled in with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The turn that answers a request."""

    turn: Turn
    index: int | None
    """Its place in the script's turns, counted from 0; None for the default turn."""


class Playback:
    """Plays one script once; not safe for threads, so the caller takes turns."""

    def __init__(self, script: Script) -> None:
        """Start before the first turn of `script`."""
        self._script = script
        self._n_plays = [0] * len(script.turns)

    def take(self, request: ModelRequest) -> Choice | None:
        """Use up the first free turn that matches; None if there is none, nor a default."""
        for index in self.free_turns():
            turn = self._script.turns[index]
            if mismatch(turn.match, request) is None:
                self._n_plays[index] += 1
                return Choice(turn=turn, index=index)
        default = self._script.default
        return None if default is None else Choice(turn=default, index=None)

    def free_turns(self) -> list[int]:
        """Give the indexes of the turns that can still be played, in the script's order."""
        pairs = zip(self._script.turns, self._n_plays, strict=True)
        return [
            index
            for index, (turn, n_plays) in enumerate(pairs)
            if turn.times is None or n_plays < turn.times
        ]

    def unplayed_turns(self) -> list[int]:
        """Give the indexes of the turns that still owe an answer, in the script's order.

        A turn without end owes one answer.
        """
        pairs = zip(self._script.turns, self._n_plays, strict=True)
        return [i for i, (turn, n_plays) in enumerate(pairs) if n_plays < (turn.times or 1)]

    def why_nothing_fits(self, request: ModelRequest, number: int) -> str:
        """Say which request was not expected, and what each free turn waits for."""
        reasons = [
            f"turns[{index}] wants {mismatch(self._script.turns[index].match, request)}"
            for index in self.free_turns()
        ]
        left = "; ".join(reasons) if reasons else "every turn is used up"
        return (
            f"request {number} was not expected by the script (model {request.model!r},"
            f" {request.n_messages} messages, last user text {_shortened(request.last_user)!r},"
            f" last tool result {_shortened(request.last_tool_result)!r}): {left};"
            " add a turn for it, or a default turn"
        )


def mismatch(match: Match, request: ModelRequest) -> str | None:
    """Say what `match` asks for that `request` does not have; None if it fits."""
    searches = {
        "last_user": (match.last_user, request.last_user),
        "last_tool_result": (match.last_tool_result, request.last_tool_result),
        "system": (match.system, request.system),
        "model": (match.model, request.model),
    }
    for name, (pattern, text) in searches.items():
        if pattern is not None and (text is None or not pattern.search(text)):
            return f"{name} to match {pattern.pattern!r}"
    if match.has_tool is not None and match.has_tool not in request.tool_names:
        return f"the tool {match.has_tool!r} to be offered"
    if match.after_tool is not None and match.after_tool not in request.answered_tools:
        return f"a result of the tool {match.after_tool!r}"
    return None


def compose(turn: Turn, request: ModelRequest, number: int) -> AssistantMessage:
    """Say `turn` in answer to request `number`.

    Raises: TemplateError if a template string has nothing to be filled in with.
    """
    values = {"last_user": request.last_user, "last_tool_result": request.last_tool_result}
    content = tuple(
        _filled_block(block, values, tool_use_id=f"toolu_{number:04}_{index}")
        for index, block in enumerate(turn.content)
    )
    calls_tool = any(isinstance(block, ToolUse) for block in content)
    usage = turn.usage
    return AssistantMessage(
        id=f"msg_{number:04}",
        model=request.model,
        content=content,
        stop_reason=turn.stop_reason or ("tool_use" if calls_tool else "end_turn"),
        input_tokens=request.n_tokens if usage.input_tokens is None else usage.input_tokens,
        output_tokens=_n_tokens(content) if usage.output_tokens is None else usage.output_tokens,
        cache_creation_input_tokens=usage.cache_creation_input_tokens,
        cache_read_input_tokens=usage.cache_read_input_tokens,
    )


def _filled_block(block: Block, values: Mapping[str, str | None], *, tool_use_id: str) -> Block:
    match block:
        case Text():
            return Text(text=_filled(block.text, values))
        case Thinking():
            return replace(block, thinking=_filled(block.thinking, values))
        case ToolUse():
            arguments = {key: _filled_json(item, values) for key, item in block.input.items()}
            return ToolUse(name=block.name, input=arguments, id=block.id or tool_use_id)
        case _:
            assert_never(block)


def _filled_json(value: Json, values: Mapping[str, str | None]) -> Json:
    if isinstance(value, str):
        return _filled(value, values)
    if isinstance(value, list):
        return [_filled_json(item, values) for item in value]
    if isinstance(value, dict):
        return {key: _filled_json(item, values) for key, item in value.items()}
    return value


def _filled(text: str, values: Mapping[str, str | None]) -> str:
    # One pass, so that a template string inside a filled-in value stays as it came.
    def fill(found: re.Match[str]) -> str:
        value = values[found[1]]
        if value is None:
            raise TemplateError(f"the script fills in {found[0]}, but the request has none")
        return value

    return TEMPLATE.sub(fill, text)


def _n_tokens(content: tuple[Block, ...]) -> int:
    return sum(n_tokens(_spoken(block)) for block in content) or 1


def _spoken(block: Block) -> str:
    match block:
        case Text():
            return block.text
        case Thinking():
            return block.thinking
        case ToolUse():
            return block.name + json.dumps(dict(block.input), ensure_ascii=False)
        case _:
            assert_never(block)


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= 80 else f"{text[:77]}..."
