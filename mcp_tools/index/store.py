"""Where the index keeps what it knows: on disk, or in memory where that fails.

Whatever goes wrong with the database is no error to whoever asks: it is logged, `problem` tells
it, and from then on new entries are kept in memory only. Several processes may use one database;
what another one has added meanwhile is taken over when it is met.
"""

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import RLock
from typing import TypeVar

import msgspec

from mcp_tools.index import tables
from mcp_tools.index.batches import Batch, ReadFile
from mcp_tools.index.collecting import Collected, collect
from mcp_tools.index.database import (
    SqlError,
    Unusable,
    is_damage,
    open_database,
    open_in_memory,
    remove_database,
    transaction,
)
from mcp_tools.index.records import Record
from mcp_tools.index.tables import Database, Loaded, Saved

_FIRST_SPARE_NUMBER = 1 << 40
"""Contents and segments that are kept in memory have higher numbers than any on disk."""

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Store:
    """Records, facts and segments of one root. Safe to use from several threads."""

    def __init__(self, root: Path, path: Path | None) -> None:
        """Take the database's path; None keeps everything in memory. Nothing is opened yet."""
        self._root = root
        self._path = path
        self._lock = RLock()
        self._disk: Database | None = None
        self._spare: Database | None = None
        self._can_write = False
        self._problem = ""

    @property
    def problem(self) -> str:
        """Why new entries are not kept on disk; empty if they are, or were not meant to be."""
        return self._problem

    def load(self) -> Loaded:
        """Open the database and give everything that is there for this root."""
        nothing = Loaded(records={}, outside={}, contents={}, segments=[])
        with self._lock:
            self.close()
            if self._path is None or not self._open(self._path):
                return nothing
            try:
                return tables.load(self._opened_disk())
            except (SqlError, ValueError, TypeError, msgspec.MsgspecError) as error:
                self._give_up(error, is_damaged=True)
            if self._open(self._path):
                self._problem = ""
            return nothing

    def save(self, batch: Batch) -> Saved:
        """Keep a batch: its contents, its segment, and the records of its files."""
        return self._write(lambda database: tables.save(database, batch))

    def save_outside(self, read: ReadFile) -> int:
        """Keep the facts and the record of a file outside, and give its content's id."""
        return self._write(lambda database: tables.save_outside(database, read))

    def update(self, records: Iterable[tuple[str, Record]], gone: Iterable[str]) -> None:
        """Keep records of files whose contents are here already, and forget what is gone."""

        def write(database: Database) -> None:
            with transaction(database.connection):
                tables.put_records(database, records)
                tables.remove_records(database, gone)

        self._write(write)

    def facts(self, content: int) -> bytes | None:
        """Give the packed facts of a content; None if they are gone."""
        with self._lock:
            database = self._spare if content >= _FIRST_SPARE_NUMBER else self._disk
            if database is None:
                return None
            try:
                return tables.facts(database, content)
            except (SqlError, ValueError) as error:
                self._give_up(error, is_damaged=is_damage_of(error))
                return None

    def forget(self, content: int) -> None:
        """Remove a content whose facts cannot be read, so that it is made again."""
        with self._lock:
            if self._disk is not None and content < _FIRST_SPARE_NUMBER and self._can_write:
                try:
                    tables.forget_content(self._disk, content)
                except (SqlError, ValueError) as error:
                    self._give_up(error, is_damaged=is_damage_of(error))

    def collect(self) -> Collected:
        """Remove what no file has any more, and put small segments together."""
        with self._lock:
            if self._disk is not None and self._can_write:
                try:
                    return collect(self._disk)
                except (SqlError, ValueError, msgspec.MsgspecError) as error:
                    self._give_up(error, is_damaged=is_damage_of(error))
            return Collected(removed=frozenset(), added=())

    def retry(self) -> None:
        """Try the disk again if it was only busy or full for a while."""
        with self._lock:
            if self._disk is not None and not self._can_write:
                self._can_write, self._problem = True, ""

    def size_bytes(self) -> int:
        """Tell how much the database takes on disk."""
        if self._path is None:
            return 0
        names = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(os.stat(name).st_size for name in names if os.path.exists(name))

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            for database in (self._disk, self._spare):
                if database is not None:
                    database.connection.close()
            self._disk = self._spare = None
            self._can_write = False

    def _write(self, write: Callable[[Database], T]) -> T:
        with self._lock:
            if self._disk is not None and self._can_write:
                try:
                    return write(self._disk)
                except (SqlError, ValueError, msgspec.MsgspecError) as error:
                    self._give_up(error, is_damaged=is_damage_of(error))
            return write(self._spare_database())

    def _open(self, path: Path) -> bool:
        try:
            self._disk = Database(open_database(path), self._root)
        except Unusable as error:
            self._problem = str(error)
            logger.warning("%s; it is kept in memory", error)
            return False
        self._can_write = True
        return True

    def _opened_disk(self) -> Database:
        assert self._disk is not None, "opened just now"
        return self._disk

    def _spare_database(self) -> Database:
        if self._spare is None:
            connection = open_in_memory()
            connection.execute("UPDATE numbers SET value = ?", (_FIRST_SPARE_NUMBER,))
            self._spare = Database(connection, self._root)
        return self._spare

    def _give_up(self, error: Exception, *, is_damaged: bool) -> None:
        """Write no more to the disk; what is damaged there is removed, for the next start."""
        self._problem = f"the index {str(self._path)!r} cannot be written: {error}"
        logger.warning("%s; what is new is kept in memory", self._problem)
        self._can_write = False
        if is_damaged and self._disk is not None and self._path is not None:
            self._disk.connection.close()
            self._disk = None
            try:
                remove_database(self._path)
            except OSError as failure:
                logger.warning("the damaged index cannot be removed: %s", failure)


def is_damage_of(error: Exception) -> bool:
    """Tell whether an error means damage, be it SQLite's or one in what a table holds."""
    return not isinstance(error, SqlError) or is_damage(error)
