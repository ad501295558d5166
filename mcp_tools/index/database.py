"""The SQLite database of an index: how it is opened, and made anew when it is of no use."""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import TypeAlias

from mcp_tools.index.schema import PRAGMAS, TABLES, VERSION
from mcp_tools.types.errors import ExpectedError, JournalFailed
from mcp_tools.workspace.journal.private import (
    make_private_file,
    make_private_folder,
    remove_if_there,
)

Connection: TypeAlias = sqlite3.Connection
SqlError: TypeAlias = sqlite3.Error

IN_MEMORY = ":memory:"
BUSY_TIMEOUT_S = 5.0
_LOG_STEP_MS = 100
_LOG_TRIES = 15
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_SCHEMA")

logger = logging.getLogger(__name__)


class Unusable(ExpectedError):
    """The database on disk cannot be used; the text says why."""


def open_database(path: Path) -> Connection:
    """Open the database at `path`, and make it if there is none; a damaged one is made anew.

    The folder and the file are the user's own. The connection may be used by several threads,
    one after another.
    Raises: Unusable.
    """
    try:
        make_private_folder(path.parent)
        make_private_file(path)
        try:
            return _opened(str(path))
        except (SqlError, UnicodeDecodeError) as error:
            # The text of an error of SQLite may itself come from what is damaged.
            if isinstance(error, SqlError) and not is_damage(error):
                raise
            logger.warning("the index %s is damaged (%s), so it is made anew", path, error)
            remove_database(path)
            make_private_file(path)
            return _opened(str(path))
    except (OSError, SqlError, UnicodeDecodeError, JournalFailed) as error:
        raise Unusable(f"the index {str(path)!r} cannot be used: {error}") from error


def open_in_memory() -> Connection:
    """Make an empty database that nothing outlives."""
    return _opened(IN_MEMORY)


def remove_database(path: Path) -> None:
    """Remove a database with its log.

    Raises: OSError.
    """
    for suffix in ("-wal", "-shm", ""):
        remove_if_there(path.with_name(path.name + suffix))


def is_damage(error: SqlError) -> bool:
    """Tell whether an error means that the database is damaged."""
    name: str = getattr(error, "sqlite_errorname", "")
    return name.startswith(_DAMAGED)


@contextmanager
def transaction(connection: Connection) -> Generator[None, None, None]:
    """Make what is done within real at once, or not at all.

    Raises: SqlError.
    """
    connection.execute("BEGIN IMMEDIATE")
    is_done = False
    try:
        yield
        connection.execute("COMMIT")
        is_done = True
    finally:
        if not is_done:
            with suppress(SqlError):
                connection.execute("ROLLBACK")


def _opened(path: str) -> Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    is_ready = False
    try:
        _use_log(connection)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        _prepare(connection)
        is_ready = True
    finally:
        if not is_ready:
            connection.close()
    return connection


def _use_log(connection: Connection) -> None:
    """Let readers and a writer work at once.

    While another process does the same with a new database, SQLite fails without waiting.
    Source: sqlite.org/c3ref/busy_handler.html
    """
    connection.execute(f"PRAGMA busy_timeout={_LOG_STEP_MS}")
    for n_left in reversed(range(_LOG_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except SqlError as error:
            if not n_left or getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY":
                raise
            Event().wait(_LOG_STEP_MS / 1000)
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1000)}")


def _prepare(connection: Connection) -> None:
    """Make the tables unless they are there; one of another form is emptied first.

    Raises: Unusable if a newer program wrote it.
    """
    if _version(connection) == VERSION:
        return
    with transaction(connection):
        version = _version(connection)  # another process may have been quicker
        if version > VERSION:
            raise Unusable(
                f"a newer version of this program wrote it (form {version}, this one knows "
                f"{VERSION}); remove it to use this version"
            )
        if version < VERSION:
            _empty(connection)
            for statement in TABLES:
                connection.execute(statement)


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _empty(connection: Connection) -> None:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        connection.execute(f'DROP TABLE "{name}"')
