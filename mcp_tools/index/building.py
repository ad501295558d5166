"""Reading all files that wait for it, in worker processes where there are many.

While a build runs, files that a query waits for go first. What cannot be done by workers, because
none can be started, is done here.
"""

import logging
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from threading import Event, Lock

from mcp_tools.index.batches import Batch, make_batch
from mcp_tools.index.foreground import Foreground
from mcp_tools.index.knowledge import Knowledge
from mcp_tools.index.pool import PoolFailed, Urgency, WorkerPool
from mcp_tools.index.reports import OnProgress, Progress
from mcp_tools.workspace.disk.stats import Stat

_CHUNK_BYTES = 300_000
"""Source in one job: about a tenth of a second of work, and of waiting for a query."""
_MIN_CHUNK_BYTES = 25_000
"""A job of less would cost more to hand over than to do."""
_MIN_BYTES_FOR_WORKERS = 600_000
"""To start processes takes as long as to read so much."""
_MUCH_BYTES = 4_000_000
"""If so much is not known, the first question will hardly be about little of it."""

logger = logging.getLogger(__name__)


class Builder:
    """Extracts files of one root into its knowledge. Safe to use from several threads."""

    def __init__(self, knowledge: Knowledge, n_workers: int, foreground: Foreground) -> None:
        """Work with `n_workers` processes; with 0, in this one. A build waits for `foreground`."""
        self._knowledge = knowledge
        self._foreground = foreground
        self._n_workers = n_workers
        self._pool: WorkerPool | None = None
        self._n_users = 0
        self._lock = Lock()

    def expect_work(self) -> None:
        """Start the workers if nothing is known, before it is seen how much there is to read."""
        if self._n_workers and not self._knowledge.known.records:
            with self._lock:
                self._start_pool()

    def get_ready(self) -> None:
        """Have workers if much waits to be read: somebody will soon ask for a part of it."""
        n_bytes = sum(stat.size_bytes for stat in self._knowledge.known.pending.values())
        if n_bytes < _MUCH_BYTES:
            self.close()
        elif self._n_workers:
            with self._lock:
                self._start_pool()

    def read(self, files: Sequence[str]) -> None:
        """Read files now, since somebody waits for them."""
        known = self._knowledge.known
        chunks = list(_chunks(known.pending, files))
        n_bytes = sum(_size(known.pending, file) for file in files)
        is_worth_it = self._pool is not None or n_bytes >= _MIN_BYTES_FOR_WORKERS
        if self._n_workers and is_worth_it and len(chunks) > 1:
            with self._workers() as pool:
                jobs = _falling_chunks(known.pending, files, self._n_workers)
                for answer in [(pool.submit(job, Urgency.QUERY), job) for job in jobs]:
                    self._learn(*answer)
        else:
            self._read_here(files)

    def build(self, on_progress: OnProgress | None, cancel: Event | None) -> int:
        """Read everything that waits or is in doubt, and give how many files that were.

        Work that can be cancelled is done in the background: questions come first.
        """
        if cancel is not None:
            self._foreground.give_way(cancel)
        known = self._knowledge.known
        racy = {file: known.records[file].stat for file in known.racy}
        wanted = {**known.pending, **racy}
        n_total = len(wanted)
        n_bytes = sum(stat.size_bytes for stat in wanted.values())
        chunks = _chunks(wanted, wanted)
        n_done = 0
        if cancel is not None:
            chunks = self._politely(chunks, racy, cancel)
        for n_files in self._built(chunks, is_large=n_bytes >= _MIN_BYTES_FOR_WORKERS):
            n_done += n_files
            if on_progress is not None:
                on_progress(Progress(n_done, n_total))
            if cancel is not None and cancel.is_set():
                break
        return n_done

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _politely(
        self, chunks: Iterator[list[str]], racy: Container[str], cancel: Event
    ) -> Iterator[list[str]]:
        """Give chunks when no question is being answered, without what questions read since."""
        for chunk in chunks:
            self._foreground.give_way(cancel)
            pending = self._knowledge.known.pending
            yield [file for file in chunk if file in pending or file in racy]

    def _built(self, chunks: Iterator[list[str]], *, is_large: bool) -> Iterator[int]:
        """Give the number of files after each chunk."""
        if not self._n_workers or not is_large:
            for chunk in chunks:
                self._read_here(chunk)
                yield len(chunk)
            return
        with self._workers() as pool:
            waiting: dict[Future[list[Batch]], list[str]] = {}
            for chunk in chunks:
                waiting[pool.submit(chunk, Urgency.BUILD)] = chunk
                if len(waiting) > 2 * self._n_workers:
                    yield self._take_one(waiting)
            while waiting:
                yield self._take_one(waiting)

    def _take_one(self, waiting: dict[Future[list[Batch]], list[str]]) -> int:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        n_files = 0
        for answer in done:
            chunk = waiting.pop(answer)
            self._learn(answer, chunk)
            n_files += len(chunk)
        return n_files

    def _learn(self, answer: "Future[list[Batch]]", files: Sequence[str]) -> None:
        try:
            batches = answer.result()
        except PoolFailed as error:
            logger.warning("%s, so files are read here", error)
            self._read_here(files)
            return
        for batch in batches:
            self._take(batch)

    def _read_here(self, files: Sequence[str]) -> None:
        self._take(make_batch(self._knowledge.root, files, self._knowledge.known_digests()))

    def _take(self, batch: Batch) -> None:
        lost = self._knowledge.learn(batch)
        if lost:
            self._knowledge.learn(make_batch(self._knowledge.root, lost, ()))

    @contextmanager
    def _workers(self) -> Generator[WorkerPool]:
        """Hold the worker processes; they end when nobody does any more."""
        with self._lock:
            pool = self._start_pool()
            self._n_users += 1
        try:
            yield pool
        finally:
            with self._lock:
                self._n_users -= 1
                is_last = self._n_users == 0 and self._pool is pool
                if is_last:
                    self._pool = None
            if is_last:
                pool.close()

    def _start_pool(self) -> WorkerPool:
        if self._pool is None:
            known = b"".join(self._knowledge.known_digests())
            self._pool = WorkerPool(self._knowledge.root, self._n_workers, known)
            self._n_users = 0
        return self._pool


def _chunks(stats: Mapping[str, Stat], files: Iterable[str]) -> Iterator[list[str]]:
    """Part files into jobs of about equal size."""
    chunk: list[str] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += _size(stats, file)
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _falling_chunks(
    stats: Mapping[str, Stat], files: Iterable[str], n_workers: int
) -> Iterator[list[str]]:
    """Part files into jobs that get smaller, so that all workers are done at the same time.

    The large files come first, so that at the end nobody waits for one of them.
    """
    ordered = sorted(files, key=lambda file: _size(stats, file), reverse=True)
    n_left = sum(_size(stats, file) for file in ordered)
    chunk: list[str] = []
    size = 0
    for file in ordered:
        chunk.append(file)
        size += _size(stats, file)
        if size >= min(_CHUNK_BYTES, max(_MIN_CHUNK_BYTES, n_left // (3 * n_workers))):
            yield chunk
            n_left -= size
            chunk, size = [], 0
    if chunk:
        yield chunk


def _size(stats: Mapping[str, Stat], file: str) -> int:
    stat = stats.get(file)
    return 0 if stat is None else stat.size_bytes
