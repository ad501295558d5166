"""A disk where another program acts at an exact moment."""

from collections.abc import Callable
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.workspace.disk.source import DiskSource


def nothing() -> None:
    """Do nothing."""


class Meddled(DiskSource):
    """The real disk; right before or after the n-th look at one path, something happens.

    A sink looks when it plans, before it replaces a file, and when all is done.
    """

    def __init__(
        self,
        root: Path,
        path: Path,
        *,
        n_looks: int,
        before: Callable[[], object] = nothing,
        after: Callable[[], object] = nothing,
    ) -> None:
        """Watch for the look number `n_looks` (from 1) at `path`."""
        super().__init__(root)
        self._path = path
        self._n_left = n_looks
        self._before = before
        self._after = after

    def state(self, path: Path) -> State | None:
        """Look at a path as ever, with the interference."""
        if path != self._path:
            return super().state(path)
        self._n_left -= 1
        if self._n_left == 0:
            self._before()
        try:
            return super().state(path)
        finally:
            if self._n_left == 0:
                self._after()
