"""How many calls of one caller run at once; the others wait in order."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

CALLS_AT_ONCE = 64
"""Of one caller. More would only make each of them slower."""


class Slot:
    """A place among the running calls, for as long as the `async with` lasts."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        """Take a place from `places` on entering."""
        self._places = places
        self._is_held = False

    async def __aenter__(self) -> Self:
        """Wait for a place."""
        await self._take()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the place to the next in line."""
        self._give()

    @asynccontextmanager
    async def lent(self) -> AsyncGenerator[None]:
        """Let others run meanwhile: for a call that waits for a person, not for the machine."""
        self._give()
        try:
            yield
        finally:
            # Cancelled while it waits, the call has no place, and leaving gives none back.
            await self._take()

    async def _take(self) -> None:
        await self._places.acquire()
        self._is_held = True

    def _give(self) -> None:
        if self._is_held:
            self._is_held = False
            self._places.release()


class CallSlots:
    """The places of all callers. A caller that runs nothing costs nothing."""

    def __init__(self, limit: int = CALLS_AT_ONCE) -> None:
        """Give each caller so many places."""
        self._limit = limit
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, caller_id: str) -> Slot:
        """Give a place for one call of a caller, to be waited for."""
        places = self._places.get(caller_id)
        if places is None:
            places = asyncio.Semaphore(self._limit)
            self._places[caller_id] = places
        return Slot(places)
