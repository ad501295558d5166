"""A disk where another program acts at an exact moment."""

from collections.abc import Callable
from pathlib import Path

from mcp_tools.types.documents import Document
from mcp_tools.workspace.disk import DiskSource


def nothing() -> None:
    """Do nothing."""


class Meddled(DiskSource):
    """The real disk; right before or after the n-th reading of one file, something happens.

    A sink reads a file when it plans, before it replaces it, and when all is done.
    """

    def __init__(
        self,
        root: Path,
        path: Path,
        *,
        n_reads: int,
        before: Callable[[], object] = nothing,
        after: Callable[[], object] = nothing,
    ) -> None:
        """Watch for the reading number `n_reads` (from 1) of `path`."""
        super().__init__(root)
        self._path = path
        self._n_left = n_reads
        self._before = before
        self._after = after

    def read(self, path: Path) -> Document:
        """Read a file as ever, with the interference."""
        if path != self._path:
            return super().read(path)
        self._n_left -= 1
        if self._n_left == 0:
            self._before()
        try:
            return super().read(path)
        finally:
            if self._n_left == 0:
                self._after()
