"""Calls that stop for a question, and go on when the client comes back with the answer.

In the era of 2026-07-28 a server cannot ask a client. A call that needs an answer is left where
it stands; its client is told what to ask, and gets a handle. Its next request brings the answer
and the handle, and the same call goes on: nothing of it runs twice.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from mcp_tools.server.progress import ProgressFeed
from mcp_tools.types.attending import Person, Question, Reply
from mcp_tools.types.errors import Denied

HELD_S = 600.0
"""How long a call waits for its client to come back."""

HELD_PER_CALLER = 64
HELD_AT_ALL = 1_000

ResultT = TypeVar("ResultT")
Run: TypeAlias = Callable[[Person], Awaitable[ResultT]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question at which a call stands."""

    key: str
    """Names it among the questions of its call."""
    question: Question


class SuspendableCall(Generic[ResultT]):
    """A call in a task of its own, which may stop for questions; it is the person who is asked."""

    def __init__(self, run: Run[ResultT], feed: ProgressFeed) -> None:
        """Start `run` with this as the one to ask; `feed` tells how far it is."""
        self.feed = feed
        self._can_be_told = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._n_asked = 0
        self._asked: Asked | None = None
        self._answer: asyncio.Future[Reply | None] | None = None
        self.task: asyncio.Task[ResultT] = asyncio.ensure_future(_started(run, self))
        self.task.add_done_callback(lambda _: self._can_be_told.set())

    @property
    def asked(self) -> Asked | None:
        """The question at which the call stands; None while it runs, and once it has ended."""
        return self._asked

    async def ask(self, question: Question) -> Reply | None:
        """Stop here until somebody calls `reply`."""
        async with self._one_at_a_time:
            self._n_asked += 1
            self._answer = asyncio.get_running_loop().create_future()
            self._asked = Asked(key=f"question-{self._n_asked}", question=question)
            self._can_be_told.set()
            try:
                return await self._answer
            finally:
                self._go_on()

    async def next_question(self) -> Asked | None:
        """Wait until the call stands at a question, and give that; None once it has ended."""
        await self._can_be_told.wait()
        return self._asked

    def reply(self, reply: Reply | None) -> None:
        """Answer the question at which the call stands; None if there is no answer."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(reply)
            self._go_on()

    def _go_on(self) -> None:
        self._answer = self._asked = None
        self._can_be_told.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held(Generic[ResultT]):
    call: SuspendableCall[ResultT]
    caller_id: str
    expiry: asyncio.TimerHandle


class SuspendedCalls(Generic[ResultT]):
    """The calls that wait for their clients, each under a handle that works once."""

    def __init__(self, *, held_s: float = HELD_S) -> None:
        """Hold none yet; each is ended after `held_s` without its client."""
        self._held_s = held_s
        self._held: dict[str, _Held[ResultT]] = {}
        self._tasks: set[asyncio.Task[ResultT]] = set()

    def start(self, run: Run[ResultT], feed: ProgressFeed) -> SuspendableCall[ResultT]:
        """Start a call; it ends with this object at the latest."""
        call = SuspendableCall(run, feed)
        self._tasks.add(call.task)
        call.task.add_done_callback(self._forget)
        return call

    def hold(self, call: SuspendableCall[ResultT], caller_id: str) -> str:
        """Keep a call that stands at a question, and give the handle to it.

        Raises: Denied if too many are held.
        """
        of_caller = sum(1 for held in self._held.values() if held.caller_id == caller_id)
        if of_caller >= HELD_PER_CALLER or len(self._held) >= HELD_AT_ALL:
            raise Denied("too many calls wait for answers; answer those first")
        handle = secrets.token_urlsafe(16)
        expiry = asyncio.get_running_loop().call_later(self._held_s, self._expire, handle)
        self._held[handle] = _Held(call=call, caller_id=caller_id, expiry=expiry)
        return handle

    def take(self, handle: str, caller_id: str) -> SuspendableCall[ResultT] | None:
        """Give the call that a caller may go on with, once; None if there is none for it."""
        held = self._held.get(handle)
        if held is None or held.caller_id != caller_id:
            return None
        del self._held[handle]
        held.expiry.cancel()
        return held.call

    async def close(self) -> None:
        """End all calls, and wait until they have."""
        for held in self._held.values():
            held.expiry.cancel()
        self._held.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _expire(self, handle: str) -> None:
        self._held.pop(handle).call.task.cancel()

    def _forget(self, task: asyncio.Task[ResultT]) -> None:
        self._tasks.discard(task)
        # Looked at, so that a call whose client is gone is not reported as one nobody waited for.
        if not task.cancelled():
            task.exception()


async def _started(run: Run[ResultT], person: Person) -> ResultT:
    return await run(person)
