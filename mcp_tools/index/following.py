"""Keeping an index up to date in the background: a build, then every change on disk."""

import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Protocol, TypeAlias

Tell: TypeAlias = Callable[[tuple[Path, ...]], None]
"""Is told what has changed on disk, on a thread of the watch."""

logger = logging.getLogger(__name__)


class Followed(Protocol):
    """What is kept up to date."""

    def read_waiting(self, cancel: Event) -> None:
        """Read everything that is not known, such as what was reported to have changed."""
        ...

    def changed(self, paths: tuple[Path, ...]) -> None:
        """Take over that files have changed."""
        ...

    def set_watched(self) -> None:
        """From now on all changes are reported."""
        ...

    def set_unwatched(self) -> None:
        """Changes are not reported any more."""
        ...


class Follower:
    """A thread that works for one index until it is closed; implements WatchListener."""

    def __init__(self, root: Path, index: Followed, tell: Tell | None) -> None:
        """Start to work."""
        self._root = root
        self._index = index
        self._tell = tell
        self._wake = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have what waits read soon."""
        self._wake.set()

    def close(self) -> None:
        """End the work, and wait for that."""
        self._closing.set()
        self._wake.set()
        self._thread.join()

    def watch_began(self) -> None:
        """Believe what is known from the next scan on."""
        self._index.set_watched()
        self._wake.set()

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """Pass on what has changed."""
        self._index.changed(paths)
        if self._tell is not None:
            self._tell(paths)

    def watch_ended(self) -> None:
        """Look at the tree at each question from now on."""
        self._index.set_unwatched()

    def _run(self) -> None:
        self._do(lambda: self._index.read_waiting(self._closing))
        if self._closing.is_set():
            return
        # Loaded here, since it takes a while and only those who follow the disk need it.
        watching = importlib.import_module("mcp_tools.workspace.watching")
        watch = watching.Watch(self._root, self)
        while not self._closing.is_set():
            self._wake.wait()
            self._wake.clear()
            self._do(lambda: self._index.read_waiting(self._closing))
        watch.close()

    def _do(self, work: Callable[[], object]) -> None:
        try:
            if not self._closing.is_set():
                work()
        except Exception:
            # A fault of ours must not end the background work for good.
            logger.exception("the index of %s could not be kept up to date", self._root)
