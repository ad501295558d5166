"""Reading all files that wait for it, in worker processes where there are many.

While a build runs, files that a query waits for go first. What cannot be done by workers, because
none can be started, is done here.
"""

import logging
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock

from mcp_tools.index.batches import Batch, Glanced, Order, make_batch
from mcp_tools.index.foreground import Foreground
from mcp_tools.index.knowledge import Knowledge
from mcp_tools.index.pool import PoolFailed, Urgency, WorkerPool
from mcp_tools.index.reports import OnProgress, Progress
from mcp_tools.index.text_search import files_mentioning
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The files in which a name was found, in no order."""

    glanced: Sequence[Glanced]
    """Those that only import and use it."""
    read: Sequence[str]
    """All others; their facts are known now."""


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
        if not self._is_much_left():
            self.close()
        elif self._n_workers:
            with self._lock:
                self._start_pool()

    def read(self, files: Sequence[str]) -> None:
        """Read files now, since somebody waits for them."""
        self._answer(files, "")

    def look_for(self, files: Sequence[str], name: str) -> Seen:
        """Look for a name in files now, and read those where a glance does not tell enough."""
        if self._pool is None:  # To search here is done before workers have started.
            files = files_mentioning(self._knowledge.root, files, name)
        batches = self._answer(files, name)
        return Seen(
            glanced=tuple(glanced for batch in batches for glanced in batch.glanced),
            read=tuple(read.file for batch in batches for read in batch.files),
        )

    def _answer(self, files: Sequence[str], name: str) -> list[Batch]:
        stats = self._knowledge.known.pending
        n_bytes = sum(_size(stats, file) for file in files)
        is_worth_it = self._pool is not None or n_bytes >= _MIN_BYTES_FOR_WORKERS
        with self._foreground.at_work():
            if not self._n_workers or not is_worth_it or n_bytes <= _CHUNK_BYTES:
                return [self._take(self._made_here(Order(files, name)))]
            with self._workers() as pool:
                jobs = _falling_chunks(stats, files, self._n_workers)
                orders = [Order(job, name) for job in jobs]
                answers = [(pool.submit(order, Urgency.QUERY), order) for order in orders]
                return [batch for answer in answers for batch in self._learn(*answer)]

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
                self._take(self._made_here(Order(chunk)))
                yield len(chunk)
            return
        with self._workers() as pool:
            waiting: dict[Future[list[Batch]], Order] = {}
            for chunk in chunks:
                order = Order(chunk)
                waiting[pool.submit(order, Urgency.BUILD)] = order
                if len(waiting) > 2 * self._n_workers:
                    yield self._take_one(waiting)
            while waiting:
                yield self._take_one(waiting)

    def _take_one(self, waiting: dict[Future[list[Batch]], Order]) -> int:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        n_files = 0
        for answer in done:
            order = waiting.pop(answer)
            self._learn(answer, order)
            n_files += len(order.files)
        return n_files

    def _learn(self, answer: "Future[list[Batch]]", order: Order) -> list[Batch]:
        try:
            batches = answer.result()
        except PoolFailed as error:
            logger.warning("%s, so files are read here", error)
            batches = [self._made_here(order)]
        return [self._take(batch) for batch in batches]

    def _made_here(self, order: Order) -> Batch:
        return make_batch(self._knowledge.root, order, self._knowledge.known_digests())

    def _take(self, batch: Batch) -> Batch:
        if batch.files or batch.gone:
            lost = self._knowledge.learn(batch)
            if lost:
                self._knowledge.learn(make_batch(self._knowledge.root, Order(lost), ()))
        return batch

    @contextmanager
    def _workers(self) -> Generator[WorkerPool]:
        """Hold the worker processes; they end when nobody does any more, and little is left."""
        with self._lock:
            pool = self._start_pool()
            self._n_users += 1
        try:
            yield pool
        finally:
            with self._lock:
                self._n_users -= 1
                is_last = self._n_users == 0 and self._pool is pool
                is_done = is_last and not self._is_much_left()
                if is_done:
                    self._pool = None
            if is_done:
                pool.close()

    def _is_much_left(self) -> bool:
        pending = self._knowledge.known.pending.values()
        return sum(stat.size_bytes for stat in pending) >= _MUCH_BYTES

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
