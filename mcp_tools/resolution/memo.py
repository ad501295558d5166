"""Remembers what was worked out, also where working it out runs in a circle.

A circle gives nothing where it closes. What was found on the way round is then only provisional:
it is used until the value where the circle began is done, and forgotten afterwards.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

from mcp_tools.resolution.values import Values

MAX_DEPTH = 40
"""So many values may wait for one another; what lies deeper is unknown."""
MAX_STEPS = 2_000
"""So many values are worked out for one question; what is then missing is unknown."""
MAX_UNFINISHED = 50
"""After so many questions that needed more steps, code is taken to be of a kind that always does;
what is provisional is kept then, so that all questions together end in time."""

_FAR = 1 << 30
Key = TypeVar("Key", bound=Hashable)


class Memo:
    """Works values out, each once if possible."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._active: dict[tuple[int, Hashable], int] = {}
        self._provisional: dict[tuple[int, Hashable], tuple[Values, int]] = {}
        self._unfinished: list[Callable[[], None]] = []
        """Take over what is provisional, for questions that end for want of steps."""
        self._n_unfinished = 0
        self._floor = _FAR
        self._n_steps = 0

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is being worked out."""
        return not self._active

    def get(self, known: dict[Key, Values], key: Key, make: Callable[[], Values]) -> Values:
        """Give the value under `key` in `known`, or work it out and put it there."""
        found = known.get(key)
        if found is not None:
            return found
        place = (id(known), key)
        level = self._active.get(place)
        if level is not None:
            self._floor = min(self._floor, level)
            return ()
        if self._provisional and (half := self._provisional.get(place)) is not None:
            self._floor = min(self._floor, half[1])
            return half[0]
        level = len(self._active)
        if level == 0:
            self._n_steps = 0
        self._n_steps += 1
        if level >= MAX_DEPTH or self._n_steps > MAX_STEPS:
            self._floor = 0
            return ()
        return self._make(known, key, make)

    def _make(self, known: dict[Key, Values], key: Key, make: Callable[[], Values]) -> Values:
        place = (id(known), key)
        level = len(self._active)
        floor_before, self._floor = self._floor, _FAR
        self._active[place] = level
        try:
            values = make()
        finally:
            del self._active[place]
            floor, self._floor = self._floor, floor_before
        if floor >= level:
            known[key] = values
            if self._provisional:
                self._forget(level)
        else:
            self._provisional[place] = (values, floor)
            self._floor = min(floor_before, floor)
            if self._n_unfinished >= MAX_UNFINISHED:
                self._unfinished.append(lambda: known.update({key: values}))
        if level == 0:
            self._end_question()
        return values

    def _end_question(self) -> None:
        if self._n_steps > MAX_STEPS:
            self._n_unfinished += 1
            for keep in self._unfinished:
                keep()
        self._unfinished.clear()

    def _forget(self, level: int) -> None:
        self._provisional = {
            place: half for place, half in self._provisional.items() if half[1] < level
        }
