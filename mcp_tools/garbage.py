"""When Python looks for garbage: not while much is made that stays.

Modules, and what an index holds in memory, are many objects and no garbage; to look through them
over and over takes a third of the time of a start. What is garbage without being in a circle is
freed at once all the same.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager

_THRESHOLDS = (20_000, 20, 50)
"""Rarer than Python's own: each look takes longer, the more a long-lived process holds."""


@contextmanager
def collecting_later() -> Generator[None]:
    """Look for no garbage within; what was made counts as lasting from then on."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            collect_from_now_on()


def collect_not_yet() -> None:
    """Look for no garbage until `collect_from_now_on` is called."""
    gc.disable()


def collect_from_now_on() -> None:
    """Look for garbage among what is made from now on; what is there counts as lasting."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
