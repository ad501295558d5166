"""Work on a moving text: once begun, to its end; anew, when somebody typed meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import TypeVar

from mcp_tools.types.errors import StaleEdit

MAX_ATTEMPTS = 3
"""How often a change is computed anew because the text moved on while it was on its way."""

ResultT = TypeVar("ResultT")


async def until_it_fits(attempt: Callable[[], Awaitable[ResultT]]) -> ResultT:
    """Compute and apply something for the text of now, anew while that moves on.

    Raises: StaleEdit if it moves on at every attempt, and whatever `attempt` raises.
    """
    for _ in range(MAX_ATTEMPTS - 1):
        with suppress(StaleEdit):
            return await attempt()
    return await attempt()


async def to_its_end(work: Coroutine[object, object, ResultT]) -> ResultT:
    """Wait for work that must not stop half way, even when the one who waits is cancelled."""
    task = asyncio.create_task(work)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    return task.result()
