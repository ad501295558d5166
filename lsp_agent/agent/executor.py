"""Running the calls of one reply: safe ones side by side, the others one after another."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from itertools import groupby

from lsp_agent.agent.events import Event, ToolFinished, ToolStarted
from lsp_agent.models.port import ToolResultBlock, ToolUse
from mcp_tools.host import ToolHost
from mcp_tools.types.calls import ToolCall, ToolResult

MAX_PARALLEL = 8


class Executor:
    """Runs the calls of one reply."""

    def __init__(self, host: ToolHost, proposal_id: str) -> None:
        """Run on `host`, with edits held in the proposal."""
        self._host = host
        self._proposal_id = proposal_id
        self._results: list[ToolResult] = []

    @property
    def results(self) -> tuple[ToolResultBlock, ...]:
        """The answers so far, in the order in which the calls ended."""
        return tuple(_as_block(result) for result in self._results)

    @property
    def n_denied(self) -> int:
        """How many calls were refused so far."""
        return sum(result.is_denied for result in self._results)

    async def run(self, uses: Sequence[ToolUse]) -> AsyncGenerator[Event, None]:
        """Run the calls and tell of each; when this is cancelled, so are they."""
        for batch in self._batches(uses):
            for use in batch:
                yield ToolStarted(_call(use))
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._run(use)) for use in batch]
            for use, task in zip(batch, tasks, strict=True):
                yield ToolFinished(_call(use), task.result())

    def _batches(self, uses: Sequence[ToolUse]) -> list[list[ToolUse]]:
        batches: list[list[ToolUse]] = []
        for is_safe, group in groupby(uses, lambda u: self._host.is_concurrency_safe(_call(u))):
            calls = list(group)
            size = MAX_PARALLEL if is_safe else 1
            batches += [calls[i : i + size] for i in range(0, len(calls), size)]
        return batches

    async def _run(self, use: ToolUse) -> ToolResult:
        if use.problem is not None:
            result = ToolResult(call_id=use.id, name=use.name, text=use.problem, is_error=True)
        else:
            result = await self._host.call(_call(use), proposal_id=self._proposal_id)
        # Noted at once: when a neighbor is cut off, this call has run all the same.
        self._results.append(result)
        return result


def _as_block(result: ToolResult) -> ToolResultBlock:
    return ToolResultBlock(
        tool_use_id=result.call_id, text=result.text, is_error=result.is_error, data=result.data
    )


def _call(use: ToolUse) -> ToolCall:
    return ToolCall(id=use.id, name=use.name, arguments=use.input)
