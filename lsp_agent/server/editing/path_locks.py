"""Locks by path: changes of the same file follow each other, those of others do not wait."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path


class PathLocks:
    """The paths that somebody works on; for one event loop."""

    def __init__(self) -> None:
        """Start with all paths free."""
        self._held: set[Path] = set()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def hold(self, paths: Iterable[Path]) -> AsyncGenerator[None]:
        """Wait until all of some paths are free, and keep others away from them.

        All are taken at once, so that two who want the same never wait for each other.
        """
        wanted = frozenset(paths)
        while not wanted.isdisjoint(self._held):
            await self._freed.wait()
        self._held |= wanted
        try:
            yield
        finally:
            self._held -= wanted
            self._freed.set()
            self._freed = asyncio.Event()
