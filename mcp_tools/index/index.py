"""The index of one workspace root: what is defined and named where, fresh at each question.

Nothing is opened before the first use. The first view scans the tree; files that were not read
yet, or have changed, are read by the build in the background or, before that, by the query that
needs them. So an answer never waits for the build, and is right before it ends.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Lock, RLock

from mcp_tools.index.building import Builder
from mcp_tools.index.codebase import IndexedCodebase, Parts
from mcp_tools.index.following import Follower, Tell
from mcp_tools.index.foreground import Foreground
from mcp_tools.index.knowledge import Knowledge
from mcp_tools.index.languages import language_of
from mcp_tools.index.memory import QueryMemory
from mcp_tools.index.outside import Outside
from mcp_tools.index.outside_facts import OutsideFacts
from mcp_tools.index.overlays import Overlays
from mcp_tools.index.reports import BuildReport, OnProgress
from mcp_tools.index.store import Store
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.facts import Facts
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.stats import Stat, stat_of
from mcp_tools.workspace.ignore import RULE_FILES, IgnoreRules

_MAX_WORKERS = 4
_SCAN_INTERVAL_S = 2.0
"""How old a scan may be at a question, as long as nobody reports changes on disk."""
_SCAN_SHARE = 20
"""A scan of a large tree is not done more often than so many times what it takes."""


class Index:
    """What is known about the code below one root. Safe to use from several threads."""

    def __init__(
        self,
        root: Path,
        database: Path | None,
        *,
        n_workers: int | None = None,
        virtual_env: Path | None = None,
    ) -> None:
        """Take the root and the database's path; None keeps everything in memory.

        With 0 workers all work is done in this process; None means as many as there are
        processors, up to four. Packages are looked for in the root's own virtual environment,
        then in `virtual_env`.
        """
        if n_workers is None:
            n_workers = min(_MAX_WORKERS, os.cpu_count() or 1)
        self._root = root
        self._knowledge = Knowledge(root, Store(root, database))
        self._foreground = Foreground()
        self._builder = Builder(self._knowledge, n_workers, self._foreground)
        outside = Outside(root, virtual_env)
        self._parts = Parts(
            knowledge=self._knowledge,
            overlays=Overlays(self._knowledge),
            outside=outside,
            outside_facts=OutsideFacts(self._knowledge, outside),
            memory=QueryMemory(),
            read=self._builder.read,
            look_for=self._builder.look_for,
            foreground=self._foreground,
        )
        self._lock = RLock()
        self._is_open = False
        self._is_ready = False
        """There are workers, or so little is to be read that there need be none."""
        self._scanned_at: float | None = None
        self._scan_interval_s = _SCAN_INTERVAL_S
        self._is_watched = False
        self._folders: tuple[str, ...] = ()
        self._follower: Follower | None = None
        self._is_closed = False
        self._building = Lock()

    @property
    def problem(self) -> str:
        """Why the index is not kept on disk; empty if it is."""
        return self._knowledge.store.problem

    def view(self, snapshot: SnapshotView) -> CodebaseView:
        """Give the code as a snapshot of the same root shows it."""
        self._foreground.note()
        self._see_files()
        return IndexedCodebase(self._parts, snapshot)

    def prepare(self) -> None:
        """Open what is stored, as the first view would; where there is nothing, start workers."""
        with self._lock:
            self._open()

    def facts_at_hand(self, document: Document) -> Facts | None:
        """Give the facts of a document without any wait: only if they are in memory."""
        return self._parts.overlays.facts_at_hand(document)

    def start(self, tell: Tell | None = None) -> None:
        """Build in the background, and follow changes on disk from then on; `tell` is told."""
        with self._lock:
            if self._follower is None and not self._is_closed:
                self._follower = Follower(self._root, self, tell)

    def build(
        self, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> BuildReport:
        """Read everything that is not known yet, and give a report when that is done.

        One that can be cancelled gives way to questions.
        """
        started = time.perf_counter()
        if cancel is not None:
            self._foreground.give_way(cancel)
        with self._building:
            self._scan()
            self._knowledge.store.retry()
            n_read = self._builder.build(on_progress, cancel)
            if n_read and cancel is not None:
                self._foreground.give_way(cancel)
            if n_read:
                self._knowledge.collect()
        known = self._knowledge.known
        return BuildReport(
            n_files=len(known.files),
            n_read=n_read,
            left_out=known.left_out,
            is_complete=not known.pending,
            elapsed_s=time.perf_counter() - started,
            database_bytes=self._knowledge.store.size_bytes(),
            problem=self.problem,
        )

    def read_waiting(self, cancel: Event) -> None:
        """Read everything that is not known, such as files that were reported to have changed."""
        self._see_files()
        with self._building:
            self._builder.build(None, cancel)

    def changed(self, paths: Iterable[Path]) -> None:
        """Take over that files changed, came or went; others than source files are no matter."""
        if not self._is_open:
            return  # The first scan will see it.
        changed: dict[str, Stat | None] = {}
        for path in paths:
            if not path.is_relative_to(self._root):
                continue
            if path.name in RULE_FILES or self._is_or_was_folder(path):
                self._scan()
            elif language_of(path.name) is not None:
                changed[path.relative_to(self._root).as_posix()] = _stat(path)
        self._touch(changed)
        if self._follower is not None:
            self._follower.wake()

    @property
    def is_watched(self) -> bool:
        """Changes on disk are reported; otherwise questions look for themselves."""
        return self._is_watched

    def set_watched(self) -> None:
        """Take over that from now on `changed` is called for every change on disk."""
        self._is_watched = True
        self._scanned_at = None  # What changed before that was not reported.

    def set_unwatched(self) -> None:
        """Take over that changes are not reported any more; questions look themselves."""
        self._is_watched = False

    def close(self) -> None:
        """End all work and let go of the database."""
        with self._lock:
            self._is_closed = True
            follower = self._follower
        self._builder.close()
        if follower is not None:
            follower.close()
        self._knowledge.close()

    def _see_files(self) -> None:
        """Scan, unless that was done and changes are reported since."""
        at = self._scanned_at
        if at is None or (not self._is_watched and time.monotonic() - at > self._scan_interval_s):
            with self._lock:
                if at == self._scanned_at:  # no other thread was quicker
                    self._scan()

    def _scan(self) -> None:
        with self._lock:
            self._open()
            started = time.monotonic()
            self._folders = self._knowledge.scan()
            self._scanned_at = time.monotonic()
            self._scan_interval_s = max(
                _SCAN_INTERVAL_S, _SCAN_SHARE * (self._scanned_at - started)
            )
            if not self._is_ready:
                self._builder.get_ready()
                self._is_ready = True

    def _open(self) -> None:
        if not self._is_open:
            self._parts.outside_facts.open(self._knowledge.open())
            self._is_open = True
            if not self._is_closed:
                self._builder.expect_work()

    def _touch(self, changed: dict[str, Stat | None]) -> None:
        known = self._knowledge.known
        rules = IgnoreRules(self._root, self._text)
        self._knowledge.touch(
            {
                file: stat
                for file, stat in changed.items()
                if file in known.records
                or file in known.pending
                or (stat is not None and not rules.is_ignored(self._root / file))
            }
        )

    def _is_or_was_folder(self, path: Path) -> bool:
        if path.is_dir():
            return not path.is_symlink()
        return path.relative_to(self._root).as_posix() in self._folders

    def _text(self, path: Path) -> str | None:
        try:
            return DiskSource(self._root).read(path).text
        except ExpectedError:
            return None


def _stat(path: Path) -> Stat | None:
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    return stat_of(status) if path.is_file() and not path.is_symlink() else None
