"""Running the calls of one reply: safe ones side by side, the others one after another."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import groupby

from lsp_agent.agent.events import Event, ToolFinished, ToolStarted
from lsp_agent.models.port import ToolResultBlock, ToolUse
from mcp_tools.host import ToolHost
from mcp_tools.types.calls import ToolCall, ToolResult

MAX_PARALLEL = 8


class Executor:
    """Runs the calls of one reply; `results` grows as they end, in the order of the calls."""

    def __init__(self, host: ToolHost, proposal_id: str) -> None:
        """Run on `host`, with edits held in the proposal."""
        self._host = host
        self._proposal_id = proposal_id
        self.results: list[ToolResultBlock] = []
        self.n_denied = 0

    async def run(self, uses: Sequence[ToolUse]) -> AsyncIterator[Event]:
        """Run the calls and tell of each; when this is cancelled, so are they."""
        for batch in self._batches(uses):
            for use in batch:
                yield ToolStarted(_call(use))
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._run(use)) for use in batch]
            for use, task in zip(batch, tasks, strict=True):
                yield ToolFinished(_call(use), self._note(task.result()))

    def _batches(self, uses: Sequence[ToolUse]) -> list[list[ToolUse]]:
        batches: list[list[ToolUse]] = []
        for is_safe, group in groupby(uses, lambda u: self._host.is_concurrency_safe(_call(u))):
            calls = list(group)
            size = MAX_PARALLEL if is_safe else 1
            batches += [calls[i : i + size] for i in range(0, len(calls), size)]
        return batches

    async def _run(self, use: ToolUse) -> ToolResult:
        if use.problem is not None:
            return ToolResult(call_id=use.id, name=use.name, text=use.problem, is_error=True)
        return await self._host.call(_call(use), proposal_id=self._proposal_id)

    def _note(self, result: ToolResult) -> ToolResult:
        self.n_denied += result.is_denied
        self.results.append(
            ToolResultBlock(
                tool_use_id=result.call_id,
                text=result.text,
                is_error=result.is_error,
                data=result.data,
            )
        )
        return result


def _call(use: ToolUse) -> ToolCall:
    return ToolCall(id=use.id, name=use.name, arguments=use.input)
