"""An index that costs nothing until somebody asks it.

Most commands ask nothing about code, and an editor waits while a server starts: so neither the
parser nor the database is loaded before the first question.
"""

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

from mcp_tools.index.reports import BuildReport, OnProgress
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.facts import Facts


class CodeIndex(Protocol):
    """What an index can be asked; see `Index`."""

    @property
    def problem(self) -> str:
        """Why the index is not kept on disk; empty if it is."""
        ...

    def view(self, snapshot: SnapshotView) -> CodebaseView:
        """Give the code as a snapshot of the same root shows it."""
        ...

    def prepare(self) -> None:
        """Open what is stored, as the first view would; where there is nothing, start workers."""
        ...

    def facts_at_hand(self, document: Document) -> Facts | None:
        """Give the facts of a document without any wait: only if they are in memory."""
        ...

    def start(self, tell: Callable[[tuple[Path, ...]], None] | None = None) -> None:
        """Build in the background, and follow changes on disk."""
        ...

    def build(
        self, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> BuildReport:
        """Read everything that is not known yet."""
        ...

    def changed(self, paths: Iterable[Path]) -> None:
        """Take over that files changed, came or went."""
        ...

    def close(self) -> None:
        """End all work and let go of the database."""
        ...


class LazyIndex:
    """The index of a root, made at its first use; implements CodeIndex."""

    def __init__(self, root: Path, database: Path | None) -> None:
        """Take what `Index` takes."""
        self._root = root
        self._database = database
        self._index: CodeIndex | None = None
        self._is_closed = False
        self._lock = Lock()

    @property
    def problem(self) -> str:
        """Why the index is not kept on disk; empty if it is, or nothing was asked yet."""
        return "" if self._index is None else self._index.problem

    def view(self, snapshot: SnapshotView) -> CodebaseView:
        """Give the code as a snapshot of the same root shows it."""
        return self._made().view(snapshot)

    def facts_at_hand(self, document: Document) -> Facts | None:
        """Give the facts of a document if they are in memory; nothing is before the first use."""
        return None if self._index is None else self._index.facts_at_hand(document)

    def prepare(self) -> None:
        """Open what is stored, as the first view would; where there is nothing, start workers."""
        self._made().prepare()

    def start(self, tell: Callable[[tuple[Path, ...]], None] | None = None) -> None:
        """Build in the background, and follow changes on disk."""
        self._made().start(tell)

    def build(
        self, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> BuildReport:
        """Read everything that is not known yet."""
        return self._made().build(on_progress, cancel)

    def changed(self, paths: Iterable[Path]) -> None:
        """Take over that files changed; nothing was known before the first use."""
        if self._index is not None:
            self._index.changed(paths)

    def close(self) -> None:
        """End all work and let go of the database."""
        with self._lock:
            self._is_closed = True
            index = self._index
        if index is not None:
            index.close()

    def _made(self) -> CodeIndex:
        with self._lock:
            if self._index is None:
                module = importlib.import_module("mcp_tools.index.index")
                index: CodeIndex = module.Index(self._root, self._database)
                if self._is_closed:
                    index.close()
                self._index = index
            return self._index
