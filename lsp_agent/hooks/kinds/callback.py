"""Functions of this process, which plugins register; no file can name one."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.hook import DEFAULT_TIMEOUT_S, Hook, Kind, Maker, Occasion, Place, RunHook
from lsp_agent.hooks.matching import ALL, Matcher

Callback: TypeAlias = Callable[[Occasion], Awaitable[Answer | None]]
"""Gives an answer, None to only watch. What it raises is a failure."""


class HookRegistry:
    """Where plugins put their hooks."""

    def __init__(self) -> None:
        """Begin with none."""
        self._hooks: tuple[Hook, ...] = ()

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """All of them, in the order in which they came."""
        return self._hooks

    def add(
        self,
        event: HookEvent,
        callback: Callback,
        *,
        name: str = "",
        matcher: Matcher = ALL,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Hook:
        """Let `callback` hear of an event from now on; give what `remove` takes."""
        hook = Hook(
            name=name or getattr(callback, "__qualname__", "callback"),
            kind=KIND.name,
            maker=Maker.PLUGIN,
            events=frozenset({event}),
            run=_running(callback),
            matcher=matcher,
            timeout_s=timeout_s,
        )
        self._hooks = (*self._hooks, hook)
        return hook

    def remove(self, hook: Hook) -> None:
        """Forget a hook; one that is not there is no mistake."""
        self._hooks = tuple(each for each in self._hooks if each is not hook)


def _running(callback: Callback) -> RunHook:
    async def run(occasion: Occasion) -> Answer:
        answer = await callback(occasion)
        return NOTHING if answer is None else answer

    return run


def make(fields: object, place: Place) -> RunHook:
    """Refuse: there is nothing in a file to make a callback of.

    Raises: HookFailed.
    """
    del fields, place
    raise HookFailed("callbacks come from plugins, and not from a file")


KIND = Kind(
    name="callback",
    summary="a function that a plugin registers; no file can name one",
    fields=None,
    make=make,
    is_for_projects=False,
)
