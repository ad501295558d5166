"""Which callers without a session are here, and when one has gone."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

from mcp_tools.server.ports import Caller

logger = logging.getLogger(__name__)

IDLE_S = 1_800.0
"""After so long without a request, a caller without a session is gone."""


class Presence:
    """The callers that never say good-bye: each is gone when it has asked for nothing for long."""

    def __init__(
        self, leave: Callable[[Caller], Awaitable[None]], *, idle_s: float = IDLE_S
    ) -> None:
        """Call `leave` for each caller that has asked for nothing for `idle_s`."""
        self._leave = leave
        self._idle_s = idle_s
        self._n_running: Counter[str] = Counter()
        self._callers: dict[str, Caller] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._idle_since: dict[str, float] = {}
        self._farewells: set[asyncio.Future[None]] = set()

    @contextmanager
    def of(self, caller: Caller) -> Generator[None]:
        """Count a caller as here while it waits for an answer, and a while longer."""
        self._callers[caller.id] = caller
        self._n_running[caller.id] += 1
        try:
            yield
        finally:
            self._n_running[caller.id] -= 1
            if not self._n_running[caller.id]:
                del self._n_running[caller.id]
                now = asyncio.get_running_loop().time()
                self._idle_since[caller.id] = now
                if caller.id not in self._timers:
                    self._look_at(caller, now + self._idle_s)

    async def close(self) -> None:
        """Let all leave who are still here."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for caller in self._callers.values():
            self._farewell(caller)
        self._callers.clear()
        if self._farewells:
            await asyncio.wait(self._farewells)

    def _look_at(self, caller: Caller, when: float) -> None:
        """Look later whether a caller has gone: one timer for it, however often it asks."""
        loop = asyncio.get_running_loop()
        self._timers[caller.id] = loop.call_at(when, self._look, caller.id)

    def _look(self, caller_id: str) -> None:
        del self._timers[caller_id]
        if self._n_running[caller_id]:
            return  # The end of what runs has it looked at again.
        caller = self._callers[caller_id]
        gone_at = self._idle_since[caller_id] + self._idle_s
        if gone_at > asyncio.get_running_loop().time():
            self._look_at(caller, gone_at)
            return
        del self._callers[caller_id], self._idle_since[caller_id]
        self._farewell(caller)

    def _farewell(self, caller: Caller) -> None:
        task = asyncio.ensure_future(self._leave(caller))
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)
        task.add_done_callback(_log_failure)


def _log_failure(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("a caller could not leave in order", exc_info=error)
