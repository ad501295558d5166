"""The SQLite database of a journal: its form, and how it is opened.

The rollback journal is used, not the write-ahead log: that one needs memory shared between
processes, which a home folder on a network file system has not. With `synchronous=EXTRA`, a
change that was acknowledged is on disk. The rollback journal is emptied rather than deleted,
which saves a sync of the folder each time.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.objects import OBJECTS_NAME
from mcp_tools.workspace.journal.private import check_private_file, make_private_file

Connection: TypeAlias = sqlite3.Connection
SqlError: TypeAlias = sqlite3.Error

DATABASE_NAME = "journal.db"
VERSION = 1
"""Of the form below; the database carries it as its `user_version`."""

_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
_ROLLBACK_NAME = f"{DATABASE_NAME}-journal"

# Temporary tables stay in memory: on disk they would lie outside of the private folder.
_PRAGMAS = (
    "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
)

_TABLES = frozenset({"contents", "doomed", "entries", "holds", "numbers", "proposals", "uses"})

# A content is there for as long as an entry uses it or a proposal holds it. When the last of them
# goes, its row goes too, and its file is doomed: that is removed when this is committed.
_UNUSED = """
    WHEN NOT EXISTS (SELECT 1 FROM uses WHERE key = OLD.key)
    AND NOT EXISTS (SELECT 1 FROM holds WHERE key = OLD.key)
    BEGIN
        DELETE FROM contents WHERE key = OLD.key;
        INSERT OR IGNORE INTO doomed (key) VALUES (OLD.key);
    END
"""

_SCHEMA = (
    """
    CREATE TABLE entries (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at_us INTEGER NOT NULL,
        state TEXT NOT NULL,
        owner TEXT NOT NULL,
        details BLOB NOT NULL,
        notes BLOB NOT NULL
    )
    """,
    "CREATE INDEX pending ON entries (number) WHERE state = 'pending'",
    """
    CREATE TABLE proposals (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id BLOB NOT NULL UNIQUE,
        details BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE contents (
        key TEXT PRIMARY KEY,
        stored_bytes INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE uses (
        number INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        key TEXT NOT NULL REFERENCES contents,
        PRIMARY KEY (number, key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX uses_of ON uses (key)",
    """
    CREATE TABLE holds (
        number INTEGER NOT NULL REFERENCES proposals ON DELETE CASCADE,
        key TEXT NOT NULL REFERENCES contents,
        PRIMARY KEY (number, key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX holds_of ON holds (key)",
    "CREATE TABLE doomed (key TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO numbers VALUES ('n_entries', 0), ('stored_bytes', 0), ('n_unswept', 0)",
    f"CREATE TRIGGER unused AFTER DELETE ON uses {_UNUSED}",
    f"CREATE TRIGGER unheld AFTER DELETE ON holds {_UNUSED}",
    """
    CREATE TRIGGER begun AFTER INSERT ON entries BEGIN
        UPDATE numbers SET value = value + 1 WHERE name = 'n_entries';
    END
    """,
    """
    CREATE TRIGGER forgotten AFTER DELETE ON entries BEGIN
        UPDATE numbers SET value = value - 1 WHERE name = 'n_entries';
    END
    """,
    """
    CREATE TRIGGER stored AFTER INSERT ON contents BEGIN
        UPDATE numbers SET value = value + NEW.stored_bytes WHERE name = 'stored_bytes';
        DELETE FROM doomed WHERE key = NEW.key;
    END
    """,
    """
    CREATE TRIGGER dropped AFTER DELETE ON contents BEGIN
        UPDATE numbers SET value = value - OLD.stored_bytes WHERE name = 'stored_bytes';
    END
    """,
    f"PRAGMA user_version={VERSION}",
)


class Damaged(JournalFailed):
    """The database cannot be read as one of ours."""


def open_database(folder: Path, *, timeout_s: float) -> Connection:
    """Open the database of a journal, and make it if there is none.

    Only one process may be here at a time. The connection may be used by several threads, one
    after another.
    Raises: OSError, SqlError; Damaged; JournalFailed, also for one of a newer program.
    """
    path = folder / DATABASE_NAME
    make_private_file(path)
    with suppress(FileNotFoundError):
        check_private_file(folder / _ROLLBACK_NAME)
    connection = sqlite3.connect(
        path, timeout=timeout_s, isolation_level=None, check_same_thread=False
    )
    is_ready = False
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        _prepare(connection, path)
        is_ready = True
    except SqlError as error:
        if is_damage(error):
            raise Damaged(str(error)) from error
        raise
    finally:
        if not is_ready:
            connection.close()
    return connection


def set_aside(folder: Path) -> Path:
    """Move a damaged database, with its contents, to a folder of its own, and give that.

    Raises: OSError.
    """
    number = 1
    while os.path.lexists(target := folder / f"damaged-{number}"):
        number += 1
    os.mkdir(target, 0o700)
    for name in (DATABASE_NAME, _ROLLBACK_NAME, OBJECTS_NAME):
        with suppress(FileNotFoundError):
            os.rename(folder / name, target / name)
    return target


def is_damage(error: SqlError) -> bool:
    """Tell whether an error means that the database is damaged."""
    return error_name(error) in _DAMAGED


def error_name(error: SqlError) -> str:
    """Give SQLite's name of an error, without its finer kind; empty if it is not SQLite's."""
    name: str = getattr(error, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2])


def number_named(connection: Connection, name: str) -> int:
    """Give one of the numbers that the database keeps."""
    (value,) = connection.execute("SELECT value FROM numbers WHERE name = ?", (name,)).fetchone()
    return int(value)


def set_number(connection: Connection, name: str, value: int) -> None:
    """Change one of the numbers that the database keeps."""
    connection.execute("UPDATE numbers SET value = ? WHERE name = ?", (value, name))


def _prepare(connection: Connection, path: Path) -> None:
    """Make the tables, or see that they are ours."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise JournalFailed(
            f"the undo journal {str(path)!r} was written by a newer version of this program "
            f"(form {version}, this one knows {VERSION}); update this program, or move the "
            "journal away to begin a new one"
        )
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    found = frozenset(str(name) for (name,) in tables)
    if version == 0 and not found:
        connection.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute("COMMIT")
    elif version != VERSION or found != _TABLES:
        raise Damaged(f"expected the tables of form {VERSION}, found others")
