"""Reading and writing the tables of one open database.

All functions raise SqlError when the database fails, and ValueError for what is not ours in it.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mcp_tools.index.batches import Batch, ReadFile
from mcp_tools.index.database import Connection, transaction
from mcp_tools.index.packing import sealed, unsealed
from mcp_tools.index.postings import Postings
from mcp_tools.index.records import Record
from mcp_tools.index.segments import NO_CONTENT, Segment, packed_contents, unpacked_contents
from mcp_tools.index.symbol_table import SymbolTable
from mcp_tools.workspace.disk.stats import Stat

OUTSIDE = 0
"""In place of a root's number: for files outside of every root."""
_RECORD_COLUMNS = "name, content, mtime_ns, size_bytes, inode, read_ns, reason"
_PUT_RECORD = f"INSERT OR REPLACE INTO files (root, {_RECORD_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)"
_SEGMENTS = "SELECT id, contents, postings, symbols FROM segments"
_POSTINGS = msgspec.msgpack.Decoder(Postings)
_SYMBOLS = msgspec.msgpack.Decoder(SymbolTable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a database holds for one root."""

    records: dict[str, Record]
    outside: dict[str, Record]
    contents: dict[bytes, int]
    """Ids by digest, of whichever root's files they are."""
    segments: list[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a batch."""

    contents: Mapping[bytes, int]
    """Ids by digest, of all files of the batch that have one."""
    segments: Sequence[Segment]
    """New to this process: that of the batch, and those of others that have a part of it."""


class Database:
    """One open database for one root, and which segments of it this process has."""

    def __init__(self, connection: Connection, root: Path) -> None:
        """Take the connection; nothing of the database was seen yet."""
        self.connection = connection
        self.root = root
        self.root_id: int | None = None
        """None until something is kept of this root."""
        self.seen: set[int] = set()


def load(database: Database) -> Loaded:
    """Read everything but facts."""
    execute = database.connection.execute
    row = execute("SELECT id FROM roots WHERE path = ?", (_path(database.root),)).fetchone()
    database.root_id = None if row is None else int(row[0])
    segments = segments_in(database)
    return Loaded(
        records={} if row is None else _records(database, int(row[0])),
        outside=_records(database, OUTSIDE),
        contents={
            digest: content for content, digest in execute("SELECT id, digest FROM contents")
        },
        segments=segments,
    )


def save(database: Database, batch: Batch) -> Saved:
    """Keep a batch: its contents, its segment, and the records of its files."""
    new = [read for read in batch.files if read.facts]
    connection = database.connection
    with transaction(connection):
        contents, ids, others = _save_contents(connection, new)
        segments = _save_segment(connection, ids, batch)
        contents |= _kept_contents(connection, batch.files, contents)
        put_records(database, ((f.file, record_of(f, contents)) for f in batch.files))
        remove_records(database, batch.gone)
    database.seen.update(segment.id for segment in segments)
    for other in sorted(others - database.seen):
        segments += _segments(database, f"{_SEGMENTS} WHERE id = ?", (other,))
    return Saved(contents=contents, segments=segments)


def save_outside(database: Database, read: ReadFile) -> int:
    """Keep the facts and the record of a file outside, and give its content's id."""
    connection = database.connection
    with transaction(connection):
        contents, _, _ = _save_contents(connection, [read], is_in_segment=False)
        record = record_of(read, contents)
        connection.execute(_PUT_RECORD, _values(OUTSIDE, read.file, record))
    return record.content


def record_of(read: ReadFile, contents: Mapping[bytes, int]) -> Record:
    """Give the record of a file that was read."""
    content = contents.get(read.digest, NO_CONTENT)
    stat = Stat(read.mtime_ns, read.size_bytes, read.inode)
    return Record(content, stat, read.read_ns, read.reason)


def put_records(database: Database, records: Iterable[tuple[str, Record]]) -> None:
    """Keep records of files of the workspace, within a transaction."""
    root = _root_id(database)
    # A record without a content needs its reason; else the file is simply read again.
    rows = (
        _values(root, file, record) for file, record in records if record.content or record.reason
    )
    database.connection.executemany(_PUT_RECORD, rows)


def remove_records(database: Database, files: Iterable[str]) -> None:
    """Forget files of the workspace, within a transaction."""
    root = _root_id(database)
    database.connection.executemany(
        "DELETE FROM files WHERE root = ? AND name = ?", ((root, file) for file in files)
    )


def facts(database: Database, content: int) -> bytes | None:
    """Give the packed facts of a content; None if they are gone."""
    query = "SELECT data FROM facts WHERE content = ?"
    row = database.connection.execute(query, (content,)).fetchone()
    return None if row is None else row[0]


def forget_content(database: Database, content: int) -> None:
    """Remove a content whose facts cannot be read, so that it is made again."""
    with transaction(database.connection):
        database.connection.execute("DELETE FROM facts WHERE content = ?", (content,))
        database.connection.execute("DELETE FROM contents WHERE id = ?", (content,))


def segments_in(database: Database) -> list[Segment]:
    """Give all segments."""
    return _segments(database, _SEGMENTS)


def put_segment(connection: Connection, segment: Segment) -> None:
    """Keep a segment, within a transaction."""
    connection.execute(
        "INSERT INTO segments (id, contents, postings, symbols) VALUES (?,?,?,?)",
        (
            segment.id,
            sealed(packed_contents(segment.contents)),
            sealed(msgspec.msgpack.encode(segment.postings)),
            sealed(msgspec.msgpack.encode(segment.symbols)),
        ),
    )


def take_numbers(connection: Connection, name: str, n_numbers: int) -> int:
    """Give the first of some numbers that nobody gets again, within a transaction."""
    query = "SELECT value FROM numbers WHERE name = ?"
    first = int(connection.execute(query, (name,)).fetchone()[0])
    connection.execute("UPDATE numbers SET value = ? WHERE name = ?", (first + n_numbers, name))
    return first


def _save_contents(
    connection: Connection, new: Sequence[ReadFile], *, is_in_segment: bool = True
) -> tuple[dict[bytes, int], list[int], set[int]]:
    """Keep contents; give their ids by digest, those for a segment, and segments of others.

    The ids are in the order of `new`; for what another segment has, it is NO_CONTENT.
    """
    contents: dict[bytes, int] = {}
    ids: list[int] = []
    others: set[int] = set()
    segment = _next_number(connection, "next_segment") if is_in_segment else 0
    next_id = take_numbers(connection, "next_content", len(new))
    for number, read in enumerate(new, next_id):
        query = "SELECT id, segment FROM contents WHERE digest = ?"
        kept = connection.execute(query, (read.digest,)).fetchone()
        if kept is None:
            connection.execute(
                "INSERT INTO contents (id, digest, segment) VALUES (?,?,?)",
                (number, read.digest, segment),
            )
            connection.execute("INSERT INTO facts VALUES (?,?)", (number, read.facts))
            kept = (number, 0)
        elif kept[1] == 0 and segment:
            connection.execute("UPDATE contents SET segment = ? WHERE id = ?", (segment, kept[0]))
        contents[read.digest] = int(kept[0])
        ids.append(int(kept[0]) if kept[1] == 0 else NO_CONTENT)
        others.update({int(kept[1])} - {0})
    return contents, ids, others


def _save_segment(connection: Connection, ids: Sequence[int], batch: Batch) -> list[Segment]:
    if not any(ids):
        return []
    number = take_numbers(connection, "next_segment", 1)
    segment = Segment(id=number, contents=ids, postings=batch.postings, symbols=batch.symbols)
    put_segment(connection, segment)
    return [segment]


def _kept_contents(
    connection: Connection, files: Iterable[ReadFile], contents: Mapping[bytes, int]
) -> dict[bytes, int]:
    """Give the ids of what came without facts, because it was known."""
    found: dict[bytes, int] = {}
    for digest in {read.digest for read in files if read.digest and read.digest not in contents}:
        query = "SELECT id FROM contents WHERE digest = ?"
        row = connection.execute(query, (digest,)).fetchone()
        if row is not None:
            found[digest] = int(row[0])
    return found


def _records(database: Database, root: int) -> dict[str, Record]:
    query = f"SELECT {_RECORD_COLUMNS} FROM files WHERE root = ?"
    return {
        name: Record(content, Stat(mtime_ns, size_bytes, inode), read_ns, reason)
        for name, content, mtime_ns, size_bytes, inode, read_ns, reason in (
            database.connection.execute(query, (root,))
        )
    }


def _segments(database: Database, query: str, values: tuple[int, ...] = ()) -> list[Segment]:
    segments = [
        Segment(
            id=number,
            contents=unpacked_contents(unsealed(contents)),
            postings=_POSTINGS.decode(unsealed(postings)),
            symbols=_SYMBOLS.decode(unsealed(symbols)),
        )
        for number, contents, postings, symbols in database.connection.execute(query, values)
    ]
    database.seen.update(segment.id for segment in segments)
    return segments


def _values(root: int, file: str, record: Record) -> tuple[int | str, ...]:
    return (root, file, record.content, *record.stat, record.read_ns, record.reason)


def _root_id(database: Database) -> int:
    if database.root_id is None:
        path = _path(database.root)
        execute = database.connection.execute
        execute("INSERT OR IGNORE INTO roots (path) VALUES (?)", (path,))
        (number,) = execute("SELECT id FROM roots WHERE path = ?", (path,)).fetchone()
        database.root_id = int(number)
    return database.root_id


def _next_number(connection: Connection, name: str) -> int:
    query = "SELECT value FROM numbers WHERE name = ?"
    return int(connection.execute(query, (name,)).fetchone()[0])


def _path(root: Path) -> bytes:
    return os.fsencode(root)
