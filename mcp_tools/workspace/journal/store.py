"""One database and one folder of contents, used by several processes and threads at once.

A content is on disk before the transaction that names it is done, and a transaction is done when
its call returns: what was acknowledged survives a kill at any moment. Both are opened at first
use. Should they be removed or replaced meanwhile, they are opened anew; a damaged database is set
aside and a new one begun.
"""

import logging
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.arriving import Arriving
from mcp_tools.workspace.journal.database import (
    DATABASE_NAME,
    Connection,
    Damaged,
    SqlError,
    open_database,
    set_aside,
)
from mcp_tools.workspace.journal.failures import database_failure, system_failure
from mcp_tools.workspace.journal.keeping import (
    drop_oldest,
    expect_rubbish,
    known_keys,
    remove_doomed,
    sweep,
)
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.journal.locks import held
from mcp_tools.workspace.journal.objects import Objects
from mcp_tools.workspace.journal.owners import Owners
from mcp_tools.workspace.journal.private import Identity, identity_of, make_private_folder

logger = logging.getLogger(__name__)

ResultT = TypeVar("ResultT")

_MIN_STEPS = 64
"""Of tidying at each write, which does at least twice the work that the write makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What is held while a store is open."""

    connection: Connection
    objects: Objects
    identity: Identity | None
    """Which file the database is."""


class Store:
    """Rows and contents of one journal. Its methods may be called from any thread."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Take the folder; it is neither made nor looked at yet."""
        self.limits = limits
        self._folder = folder
        self._owners = Owners(folder / "owners")
        self._lock = threading.RLock()
        self._opened: _Opened | None = None
        self._is_closed = False

    @property
    def owner_id(self) -> str:
        """The name under which this store counts as alive."""
        return self._owners.own_id

    def read(self, question: Callable[[Connection], ResultT]) -> ResultT:
        """Ask the database.

        Raises: JournalFailed, and what `question` raises.
        """
        return self._attempted(lambda opened: question(opened.connection))

    def write(self, work: Callable[[Connection], ResultT]) -> ResultT:
        """Do something in one transaction; when this returns, it is on disk.

        `work` may be called a second time, with another database.
        Raises: JournalFailed, and what `work` raises; nothing is done then.
        """

        def transact(opened: _Opened) -> ResultT:
            with _transaction(opened.connection):
                return work(opened.connection)

        return self._attempted(transact)

    def keep(self, blobs: Mapping[Digest, bytes], work: Callable[[Connection], ResultT]) -> ResultT:
        """Write contents, and in one transaction with them the rows that need them.

        Raises: JournalFailed, and what `work` raises; nothing is kept then.
        """
        arriving = Arriving(blobs)
        objects, known = self._attempted(lambda o: (o.objects, known_keys(o.connection, blobs)))
        n_steps = _MIN_STEPS + 2 * len(blobs)
        try:
            with self._explained():
                arriving.prepare(objects, known)
            return self._attempted(lambda o: self._publish(o, arriving, work, n_steps=n_steps))
        finally:
            with self._explained():
                arriving.discard()

    def load(self, digest: Digest, size_bytes: int) -> bytes:
        """Give a content.

        Raises: NotFound if it was dropped to keep the store small; JournalFailed if it is damaged.
        """
        if not size_bytes:
            return b""
        objects = self._attempted(lambda opened: opened.objects)
        with self._explained():
            data = objects.read(digest, size_bytes)
        if data is not None:
            return data
        if self.has(digest, size_bytes):
            raise JournalFailed(
                f"the kept content {digest[:12]!r} is damaged or missing in "
                f"{str(self._folder)!r}, so it cannot be brought back"
            )
        raise NotFound(
            f"the content {digest[:12]!r} is not kept any more: the oldest are dropped when all "
            f"together exceed {self.limits.max_store_bytes} bytes"
        )

    def has(self, digest: Digest, size_bytes: int) -> bool:
        """Tell whether a content is in the store.

        Raises: JournalFailed.
        """
        return not size_bytes or bool(self.read(lambda db: known_keys(db, (digest,))))

    def gone_owners(self, owner_ids: Iterable[str]) -> frozenset[str]:
        """Give those of the owners whose process has ended.

        Raises: JournalFailed.
        """
        with self._lock, self._explained(), self._opening():
            return self._owners.gone(owner_ids)

    @contextmanager
    def lock(self, name: str, *, busy: str) -> Generator[None]:
        """Hold a lock between processes for a while; threads exclude each other too.

        Raises: JournalFailed, with the text `busy` if another has it for too long.
        """
        self._attempted(lambda _: None)
        with ExitStack() as stack:
            with self._explained():
                stack.enter_context(self._held(name, busy))
            yield

    def close(self) -> None:
        """Let go of everything; what is unfinished is left to others. It cannot be used again."""
        with self._lock:
            self._is_closed = True
            self._let_go()
            self._owners.go()

    def _publish(
        self,
        opened: _Opened,
        arriving: Arriving,
        work: Callable[[Connection], ResultT],
        *,
        n_steps: int,
    ) -> ResultT:
        connection, objects = opened.connection, opened.objects
        is_in_doubt = False
        try:
            with _transaction(connection):
                remove_doomed(connection, objects, n_steps=n_steps)
                sweep(connection, objects)
                is_in_doubt = True
                arriving.publish(connection, objects)
                result = work(connection)
                drop_oldest(connection, self.limits, n_steps=n_steps)
            is_in_doubt = False
        finally:
            if is_in_doubt:
                # Needs no room on the disk, which may be what was missing.
                with suppress(SqlError), _transaction(connection):
                    arriving.withdraw(connection, objects)
        return result

    def _attempted(self, work: Callable[[_Opened], ResultT]) -> ResultT:
        """Work with the open store; once more, with a new one, if it proves to be damaged."""
        with self._lock:
            try:
                with self._explained():
                    return work(self._current())
            except Damaged as damage:
                with self._explained():
                    self._replace(damage)
                    return work(self._current())

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except SqlError as error:
            raise database_failure(self._folder, error) from error
        except OSError as error:
            raise system_failure(self._folder, error) from error

    def _current(self) -> _Opened:
        if self._is_closed:
            raise JournalFailed("the undo journal is closed")
        if self._opened and self._opened.identity != identity_of(self._folder / DATABASE_NAME):
            logger.warning("the undo journal in %s was removed or replaced", self._folder)
            self._let_go()
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> _Opened:
        make_private_folder(self._folder)
        with self._opening(), ExitStack() as stack:
            connection = self._connection()
            stack.callback(connection.close)
            objects = Objects(self._folder, self.owner_id)
            objects.prepare()
            self._clean_after_the_gone(connection, objects)
            self._owners.come()
            stack.pop_all()
            identity = identity_of(self._folder / DATABASE_NAME)
            return _Opened(connection=connection, objects=objects, identity=identity)

    def _connection(self) -> Connection:
        timeout_s = self.limits.lock_timeout_s
        try:
            return open_database(self._folder, timeout_s=timeout_s)
        except Damaged as damage:
            self._set_aside(damage)
            return open_database(self._folder, timeout_s=timeout_s)

    def _clean_after_the_gone(self, connection: Connection, objects: Objects) -> None:
        gone = self._owners.left_behind()
        if gone:
            expect_rubbish(connection)
        for owner_id in gone:
            objects.remove_temporaries(owner_id)
            self._owners.forget(owner_id)

    def _replace(self, damage: Damaged) -> None:
        """Set the open database aside, unless another process was quicker."""
        identity = self._opened.identity if self._opened else None
        self._let_go()
        with self._opening():
            if identity == identity_of(self._folder / DATABASE_NAME):
                self._set_aside(damage)

    def _set_aside(self, damage: Damaged) -> None:
        place = set_aside(self._folder)
        logger.error("%s; it was set aside as %s and a new one is begun", damage, place)

    def _opening(self) -> AbstractContextManager[None]:
        busy = f"another process has been opening {str(self._folder)!r} for too long; try again"
        return self._held("opening.lock", busy)

    def _held(self, name: str, busy: str) -> AbstractContextManager[None]:
        return held(self._folder / name, timeout_s=self.limits.lock_timeout_s, busy=busy)

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.connection.close()
            self._opened = None


@contextmanager
def _transaction(connection: Connection) -> Generator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
