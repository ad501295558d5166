"""Writing the log beside the work: no call waits for it, and none fails because of it.

What cannot be written, because a disk is full, is counted; the log says how much is missing as
soon as it can.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import TypeAlias

from lsp_agent.audit.chain import canonical
from lsp_agent.audit.log import AuditLog
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.json import JsonObject
from mcp_tools.workspace.journal.clock import now

MAX_WAITING = 100_000
"""Events that may wait to be written; more are counted only."""
MAX_BATCH = 500
LINGER_S = 0.2
"""What comes within it is written together: each time that the thread wakes slows the calls."""
_AT_A_TIME = 32
"""Lines that are made before others may go first: to let them takes longer than to make a line."""
CLOSE_S = 3.0

Hide: TypeAlias = Callable[[JsonObject], JsonObject]
"""Gives the fields of an event without what must not be written down; runs on the thread."""

logger = logging.getLogger(__name__)


def as_it_is(fields: JsonObject) -> JsonObject:
    """Leave everything; a `Hide`."""
    return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something to be written down."""

    fields: JsonObject
    arguments: JsonObject
    """Of the call; only their digest is written, since there may be secrets in them."""
    at: datetime


class AuditTrail:
    """Takes events at once, and writes them on a thread that begins with the first."""

    def __init__(self, log: AuditLog, hide: Hide = as_it_is) -> None:
        """Write to `log` what `hide` leaves of an event."""
        self._log = log
        self._hide = hide
        self._waiting: SimpleQueue[AuditEvent | None] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None
        self._is_closed = False
        self._ending = Event()
        self._n_lost = 0
        self._is_failing = False

    def note(self, fields: JsonObject, arguments: JsonObject) -> None:
        """Have something written down; never waits and never raises."""
        if self._is_closed or self._waiting.qsize() >= MAX_WAITING:
            self._n_lost += 1
            return
        if self._thread is None:
            self._start()
        self._waiting.put(AuditEvent(fields=fields, arguments=arguments, at=now()))

    def close(self) -> None:
        """Write what waits, and end."""
        self._is_closed = True
        self._ending.set()
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(CLOSE_S)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                thread = Thread(target=self._run, name="audit", daemon=True)
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            if self._waiting.qsize() < MAX_BATCH:
                # What comes soon after it is written with it.
                self._ending.wait(LINGER_S)
            batch, is_over = self._batch(first)
            if batch:
                self._write(batch)
            if is_over:
                return

    def _batch(self, first: AuditEvent | None) -> tuple[list[AuditEvent], bool]:
        """Give what waits, and whether it is the last."""
        batch: list[AuditEvent] = []
        event = first
        while event is not None:
            batch.append(event)
            if len(batch) >= MAX_BATCH:
                return batch, False
            try:
                event = self._waiting.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _write(self, batch: Sequence[AuditEvent]) -> None:
        n_lost = self._n_lost
        lost: list[JsonObject] = [{"kind": "lost", "n_events": n_lost}] if n_lost else []
        try:
            self._log.append(chain(lost, self._entries_of(batch)))
        except (OSError, ExpectedError) as error:
            self._n_lost += len(batch)
            if not self._is_failing:
                logger.warning("what was done cannot be written down: %s", error)
            self._is_failing = True
        else:
            self._n_lost -= n_lost
            self._is_failing = False

    def _entries_of(self, batch: Iterable[AuditEvent]) -> Iterator[JsonObject]:
        for position, event in enumerate(batch):
            # Lets the event loop go first, which would otherwise wait for up to 5 ms.
            if position % _AT_A_TIME == 0:
                time.sleep(0)
            yield _entry_of(event, self._hide(event.fields))


def _entry_of(event: AuditEvent, fields: JsonObject) -> JsonObject:
    return {
        **fields,
        "at": event.at.isoformat(timespec="microseconds"),
        "arguments": _digest(event.arguments),
    }


def _digest(arguments: JsonObject) -> str:
    """Give the same digest for the same arguments, in whatever order they came."""
    return hashlib.sha256(canonical(arguments).encode("ascii")).hexdigest()
