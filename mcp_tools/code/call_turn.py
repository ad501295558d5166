"""One call's right to run: for so long, and when no other call is in its way.

While a person is asked, the call's time stands still, and others may go first.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from mcp_tools.types.attending import Attendant, Question, Reply
from mcp_tools.types.errors import ExpectedError


class CallTurn:
    """The turn of one call, from its beginning to its end; implements Person."""

    def __init__(self, attendant: Attendant) -> None:
        """Take who waits for the call."""
        self._attendant = attendant
        self._order: asyncio.Lock | None = None
        self._has_order = False
        self._timer: asyncio.Timeout | None = None
        self._left_s = 0.0
        self._n_asking = 0

    @property
    def attendant(self) -> Attendant:
        """Who waits for the call; asking there is what gives others the way."""
        given = self._attendant
        return Attendant(report=given.report, person=self, can_ask=given.can_ask)

    @asynccontextmanager
    async def in_order(self, order: asyncio.Lock) -> AsyncGenerator[None]:
        """Run while no other call of the same order does."""
        await order.acquire()
        self._order, self._has_order = order, True
        try:
            yield
        finally:
            self._order = None
            if self._has_order:
                self._has_order = False
                order.release()

    @asynccontextmanager
    async def limited(self, name: str, limit_s: float) -> AsyncGenerator[None]:
        """Run for at most so long.

        Raises: ExpectedError when the time is over; what ran has been cancelled by then.
        """
        timer = asyncio.timeout(limit_s)
        try:
            async with timer:
                self._timer = timer
                yield
        except TimeoutError as error:
            if not timer.expired():
                raise
            raise ExpectedError(
                f"{name} did not end within {limit_s:g} s and was stopped; ask for a smaller "
                "part, such as one folder or one file"
            ) from error
        finally:
            self._timer = None

    async def ask(self, question: Question) -> Reply | None:
        """Ask who waits, while the time stands still and others may go first."""
        self._n_asking += 1
        if self._n_asking == 1:
            self._pause()
        is_answered = False
        try:
            reply = await self._attendant.person.ask(question)
            is_answered = True
            return reply
        finally:
            self._n_asking -= 1
            if self._n_asking == 0:
                try:
                    if is_answered:
                        await self._take_order()
                finally:
                    self._go_on()

    def _pause(self) -> None:
        if self._timer is not None and (when := self._timer.when()) is not None:
            self._left_s = when - asyncio.get_running_loop().time()
            self._timer.reschedule(None)
        if self._order is not None and self._has_order:
            self._has_order = False
            self._order.release()

    def _go_on(self) -> None:
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(asyncio.get_running_loop().time() + self._left_s)

    async def _take_order(self) -> None:
        """Wait for the way again, unless the call has ended meanwhile."""
        order = self._order
        if order is None or self._has_order:
            return
        await order.acquire()
        if self._order is order and not self._has_order:
            self._has_order = True
        else:
            order.release()
