"""Questions come first: work in the background waits until nobody has asked for a moment."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Lock

QUIET_S = 0.5
"""How long nobody must have asked."""
_MAX_WAIT_S = 2.0
"""After so long a part is done all the same, or somebody who asks on and on would stop it all."""
_POLL_S = 0.1


class Foreground:
    """When somebody last waited for an answer. Safe to use from several threads."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked_at = -QUIET_S
        self._n_at_work = 0
        self._lock = Lock()

    def note(self) -> None:
        """Take over that an answer is being worked out at this moment."""
        self._asked_at = time.monotonic()

    @contextmanager
    def at_work(self) -> Generator[None]:
        """Somebody waits for an answer as long as this lasts, which may be a while."""
        with self._lock:
            self._n_at_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._n_at_work -= 1
            self.note()

    def give_way(self, cancel: Event | None = None) -> None:
        """Wait until it is quiet, unless that takes too long or the work is cancelled."""
        until = time.monotonic() + _MAX_WAIT_S
        stop = Event() if cancel is None else cancel
        while not stop.is_set():
            now = time.monotonic()
            is_quiet = not self._n_at_work and now - self._asked_at >= QUIET_S
            if is_quiet or now >= until:
                return
            stop.wait(_POLL_S)
