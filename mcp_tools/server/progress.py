"""Tells a client how far its call is: seldom enough, and the last word always."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from mcp_tools.types.attending import Progress

logger = logging.getLogger(__name__)

INTERVAL_S = 0.05
"""Between two notices of one call: at most twenty a second."""

Send: TypeAlias = Callable[[Progress], Awaitable[None]]


class ProgressFeed:
    """Sends the newest report of a call, in its own task; what it overtakes is left out.

    Reports may come from any thread. One that is not further than the one before is dropped, as
    the protocol wants progress to increase.
    """

    def __init__(self, send: Send) -> None:
        """Send by `send`, on the event loop that runs now."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._send = send
        self._newest: Progress | None = None
        self._done = float("-inf")
        self._pump: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def report(self, progress: Progress) -> None:
        """Take a report at once; never blocks and never raises."""
        if threading.get_ident() == self._thread:
            self._take(progress)
            return
        try:
            self._loop.call_soon_threadsafe(self._take, progress)
        except RuntimeError:
            logger.debug("progress after the end of the event loop was dropped")

    async def flush(self) -> None:
        """Send what is left, now; then nothing more until `resume`."""
        self._hurry.set()
        if self._pump is not None:
            await asyncio.wait({self._pump})

    def resume(self, send: Send) -> None:
        """Send later reports by `send`."""
        self._send = send
        self._hurry.clear()

    def close(self) -> None:
        """Send nothing more, whatever is left."""
        self._hurry.set()
        self._newest = None
        if self._pump is not None:
            self._pump.cancel()

    def _take(self, progress: Progress) -> None:
        if progress.done <= self._done or self._hurry.is_set():
            return
        self._done = progress.done
        self._newest = progress
        if self._pump is None or self._pump.done():
            self._pump = self._loop.create_task(self._run())
            self._pump.add_done_callback(_look_at)

    async def _run(self) -> None:
        while (progress := self._newest) is not None:
            self._newest = None
            await self._send(progress)
            await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(INTERVAL_S):
                await self._hurry.wait()
        except TimeoutError:
            pass


def _look_at(pump: asyncio.Task[None]) -> None:
    # Nobody may be listening any more; the call goes on without.
    if not pump.cancelled() and (error := pump.exception()) is not None:
        logger.debug("progress could not be sent", exc_info=error)
