"""Worker processes that extract files, each with a thread here that feeds it.

A file on which a worker dies, or for which it takes too long, is left out and named: a batch
that fails is tried again file by file.
"""

import logging
import os
import subprocess
import sys
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from threading import Lock, Thread, Timer
from typing import IO

import msgspec

from mcp_tools.index.batches import Batch, Order, ReadFile, Setup, batch_of
from mcp_tools.index.worker import read_frame, write_frame
from mcp_tools.workspace.disk.stats import stat_of

FILE_TIMEOUT_S = 20.0
"""What one file, or one batch of them, may take."""
_START_TIMEOUT_S = 10.0
_NICENESS = 10
"""Of a worker from its first job on that nobody waits for."""
_MAX_FAILED_STARTS = 2
"""After that nobody waits for workers of this pool again."""
_PACKAGES = Path(__file__).parents[2]
"""Where the workers find this program."""
_ATTEMPTS = 2
"""How often a single file may take a worker with it; a worker may be killed by others, too."""

logger = logging.getLogger(__name__)


class Urgency(IntEnum):
    """What is worked on first."""

    QUERY = 0
    """Somebody waits for it."""
    BUILD = 1
    END = 2


class PoolFailed(Exception):
    """No worker process can be started."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class _Job:
    urgency: Urgency
    number: int
    order: Order = field(compare=False)
    answer: "Future[list[Batch]]" = field(compare=False)


class WorkerPool:
    """A few worker processes for one root; safe to use from several threads."""

    def __init__(self, root: Path, n_workers: int, known: bytes) -> None:
        """Start the workers; `known` are the digests of contents that need no extraction."""
        self._root = root
        self._setup = msgspec.msgpack.encode(Setup(root=str(root), known=known))
        self._jobs: PriorityQueue[_Job] = PriorityQueue()
        self._numbers = count()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()
        self._is_closed = False
        self._n_failed_starts = 0
        self._threads = [Thread(target=self._feed, daemon=True) for _ in range(n_workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, order: Order, urgency: Urgency) -> "Future[list[Batch]]":
        """Have files read and extracted; together the batches hold all that were asked for.

        The answer fails with PoolFailed if no worker runs.
        """
        answer: Future[list[Batch]] = Future()
        with self._lock:
            if self._is_closed:
                answer.set_exception(PoolFailed("the pool is closed"))
                return answer
        job = _Job(urgency=urgency, number=next(self._numbers), order=order, answer=answer)
        self._jobs.put(job)
        return answer

    def close(self) -> None:
        """End the workers; what is not done yet fails."""
        with self._lock:
            self._is_closed = True
            processes = tuple(self._processes)
        for _ in self._threads:
            self._jobs.put(_Job(urgency=Urgency.QUERY, number=-1, order=Order(()), answer=Future()))
        for process in processes:
            process.kill()
        for thread in self._threads:
            thread.join()
        while not self._jobs.empty():
            self._jobs.get().answer.set_exception(PoolFailed("the pool is closed"))

    def _feed(self) -> None:
        # The first job comes soon, and a worker takes a while to be ready for it.
        worker: _Worker | None = None
        with suppress(PoolFailed, OSError):
            worker = self._start()
        while True:
            job = self._jobs.get()
            if job.number < 0:
                break
            try:
                worker, batches = self._work(worker, job)
                job.answer.set_result(batches)
            except (PoolFailed, OSError) as error:
                worker = None
                job.answer.set_exception(PoolFailed(str(error)))
            except Exception as error:
                # Who waits for the answer must get one, whatever goes wrong here.
                logger.exception("a worker process could not be used")
                job.answer.set_exception(PoolFailed(str(error)))
        if worker is not None:
            self._end(worker)

    def _work(self, worker: "_Worker | None", job: _Job) -> "tuple[_Worker | None, list[Batch]]":
        """Do one job, with a new worker where it took the old one with it."""
        batches: list[Batch] = []
        files, name = job.order.files, job.order.name
        todo = [(files, _ATTEMPTS if len(files) == 1 else 1)]
        while todo:
            part, attempts = todo.pop()
            worker = worker or self._start()
            if job.urgency is not Urgency.QUERY:
                worker.stand_back()
            batch = worker.work(Order(part, name))
            if batch is not None:
                batches.append(batch)
                continue
            self._end(worker)
            worker = None
            if self._is_closed:
                raise PoolFailed("the pool is closed")
            if attempts > 1:
                todo.append((part, attempts - 1))
            elif len(part) > 1:
                todo += [((file,), _ATTEMPTS) for file in part]
            else:
                batches.append(self._left_out(part[0]))
        return worker, batches

    def _start(self) -> "_Worker":
        if self._n_failed_starts >= _MAX_FAILED_STARTS:
            raise PoolFailed("no worker process can be started")
        worker = _Worker(self._setup)
        with self._lock:
            self._processes.add(worker.process)
            is_closed = self._is_closed
        if is_closed or not worker.is_ready():
            self._end(worker)
            self._n_failed_starts += 1
            raise PoolFailed("a worker process ended at its start")
        return worker

    def _end(self, worker: "_Worker") -> None:
        worker.end()
        with self._lock:
            self._processes.discard(worker.process)

    def _left_out(self, file: str) -> Batch:
        logger.warning("%s is left out of the index: it ends or holds up a worker", file)
        try:
            stat = stat_of(os.lstat(self._root / file))
        except OSError:
            return batch_of([])
        reason = f"reading it failed, or took longer than {FILE_TIMEOUT_S:g} s"
        return batch_of([ReadFile(file, *stat, 0, reason, b"", b"")])


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, setup: bytes) -> None:
        # What a workspace has must not be found before our own modules: hence `-P`, and a
        # folder that is not the workspace.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mcp_tools.index.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_PACKAGES,
            env={"PYTHONPATH": str(_PACKAGES), "PYTHONUTF8": "1", "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self._setup = setup

    def is_ready(self) -> bool:
        """Tell whether the worker has started, and answers: so it is a file that ends it later."""
        nothing = msgspec.msgpack.encode(Order(()))
        return all(self._ask(data, _START_TIMEOUT_S) for data in (self._setup, nothing))

    def stand_back(self) -> None:
        """Leave the processor to others from now on: nobody waits for what is asked next."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _NICENESS)

    def work(self, order: Order) -> Batch | None:
        """Give what the worker found; None if it died or had to be killed."""
        answer = self._ask(msgspec.msgpack.encode(order), FILE_TIMEOUT_S)
        if answer is None:
            return None
        try:
            return msgspec.msgpack.decode(answer, type=Batch)
        except msgspec.MsgspecError:
            return None

    def end(self) -> None:
        self.process.kill()
        for pipe in self._pipes():
            with suppress(OSError):
                pipe.close()
        self.process.wait()

    def _ask(self, data: bytes, timeout_s: float) -> bytes | None:
        sink, source = self._pipes()
        timer = Timer(timeout_s, self.process.kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(sink, data)
            return read_frame(source)
        except (OSError, ValueError):
            return None
        finally:
            timer.cancel()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        sink, source = self.process.stdin, self.process.stdout
        assert sink is not None, "it was asked for as a pipe"
        assert source is not None, "it was asked for as a pipe"
        return sink, source
