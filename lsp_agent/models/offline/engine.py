"""The offline engine: a Model that needs no key and no network.

It drives the same loop and the same tools as any other model, by rules. It keeps nothing between
requests: what to do next follows from the conversation alone, by replaying it into the course of
a fix, so a session that was stopped and resumed goes on where it was.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from lsp_agent.models.offline.explain import explain
from lsp_agent.models.offline.fixing import Call, Ended, fix
from lsp_agent.models.offline.json_reading import Unreadable
from lsp_agent.models.offline.task import Task, TaskKind, find_task
from lsp_agent.models.port import (
    BlockDone,
    Message,
    ModelEvent,
    ModelRequest,
    Stopped,
    StopReason,
    Text,
    TextChunk,
    ToolResultBlock,
    ToolUse,
)

NAME = "offline"
HOW_TO_CONFIGURE = (
    "configure a model: set ANTHROPIC_API_KEY (`lsp-agent doctor` shows what is configured)"
)
ONLY_KNOWS = (
    "The offline engine only knows `fix` and `explain`, by rules; for anything else "
    f"{HOW_TO_CONFIGURE}."
)
NO_FURTHER_RULE = f"For what is left no rule fits; {HOW_TO_CONFIGURE}."
_ID_PREFIX = "offline_"


class OfflineEngine:
    """A Model made of rules; implements the port."""

    @property
    def name(self) -> str:
        """The name that a person knows it by."""
        return NAME

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Give the next step of the conversation; it never fails, it says why it stops."""
        # Rules parse files: that must not hold up the event loop.
        reply = await asyncio.to_thread(_reply_to, request.messages)
        if reply.text:
            yield TextChunk(reply.text)
            yield BlockDone(Text(reply.text))
        if reply.call is None:
            yield Stopped(reason=reply.stop_reason)
            return
        use_id = f"{_ID_PREFIX}{_n_own_uses(request.messages) + 1}"
        yield BlockDone(ToolUse(id=use_id, name=reply.call.name, input=reply.call.input))
        yield Stopped(reason=StopReason.TOOL_USE)


@dataclass(frozen=True, slots=True)
class _Reply:
    text: str
    call: Call | None = None
    stop_reason: StopReason = StopReason.GAVE_UP
    """Of a reply without a call."""


def _reply_to(messages: Sequence[Message]) -> _Reply:
    try:
        position, task = _last_task(messages)
    except Unreadable as error:
        return _Reply(f"The task in the prompt cannot be read: {error}. {ONLY_KNOWS}")
    if task is None or task.kind is TaskKind.ASK:
        return _Reply(ONLY_KNOWS)
    later = messages[position + 1 :]
    if any(message.role == "user" and message.text.strip() for message in later):
        return _Reply(NO_FURTHER_RULE)
    if task.kind is TaskKind.EXPLAIN:
        words = f"{explain(task)}\n\nFor more about this very code {HOW_TO_CONFIGURE}."
        return _Reply(words, stop_reason=StopReason.END_TURN)
    return _next_step(task, later)


def _last_task(messages: Sequence[Message]) -> tuple[int, Task | None]:
    for position in range(len(messages) - 1, -1, -1):
        message = messages[position]
        if message.role == "user" and (task := find_task(message.text)) is not None:
            return position, task
    return len(messages), None


def _next_step(task: Task, later: Sequence[Message]) -> _Reply:
    """Replay what was done for the task, and give what comes next."""
    answers = {
        block.tool_use_id: block
        for message in later
        for block in message.blocks
        if isinstance(block, ToolResultBlock)
    }
    course = fix(task)
    try:
        call = next(course)
        for use in (use for message in later for use in message.tool_uses):
            if (use.name, use.input) != (call.name, call.input) or use.id not in answers:
                return _Reply(
                    "The conversation did not go the way of the offline engine, so it cannot "
                    "take over in the middle; start the task again."
                )
            call = course.send(answers[use.id])
    except StopIteration as stop:
        ended: Ended = stop.value
        if ended.is_all_fixed:
            return _Reply(ended.words, stop_reason=StopReason.END_TURN)
        return _Reply(f"{ended.words}\n{NO_FURTHER_RULE}")
    return _Reply(call.note, call)


def _n_own_uses(messages: Sequence[Message]) -> int:
    return sum(use.id.startswith(_ID_PREFIX) for message in messages for use in message.tool_uses)
