"""Keeping a database small: no contents without a file, no crowd of segments."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from mcp_tools.index.database import Connection, transaction
from mcp_tools.index.segments import NO_CONTENT, Segment, merge
from mcp_tools.index.tables import OUTSIDE, Database, put_segment, segments_in, take_numbers

_MAX_GARBAGE = 2_000
"""Contents without a file that may always stay: a branch that is left is often come back to."""
_MAX_GARBAGE_SHARE = 0.5
_SMALL = 16
"""Contents in a segment that an edit or two have made."""
_MAX_SMALL_SEGMENTS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """Which segments were replaced by which."""

    removed: frozenset[int]
    added: Sequence[Segment]


def collect(database: Database) -> Collected:
    """Remove garbage if it is much, and merge segments if many are small."""
    connection = database.connection
    _forget_lost_roots(database)
    with transaction(connection):
        live = {int(row[0]) for row in connection.execute("SELECT DISTINCT content FROM files")}
        kept = {int(row[0]) for row in connection.execute("SELECT id FROM contents")}
        garbage = kept - live
        is_much = len(garbage) > max(_MAX_GARBAGE, _MAX_GARBAGE_SHARE * len(live))
        if is_much:
            for table, column in (("facts", "content"), ("contents", "id")):
                statement = f"DELETE FROM {table} WHERE {column} = ?"
                connection.executemany(statement, ((content,) for content in garbage))
            kept -= garbage
        return _merged(database, kept, is_much=is_much)


def _merged(database: Database, kept: set[int], *, is_much: bool) -> Collected:
    segments = segments_in(database)
    small = [segment for segment in segments if len(segment.contents) <= _SMALL]
    chosen = segments if is_much else small if len(small) > _MAX_SMALL_SEGMENTS else []
    if not chosen:
        return Collected(removed=frozenset(), added=())
    connection = database.connection
    merged = merge(chosen, kept)
    number = take_numbers(connection, "next_segment", 1)
    merged = Segment(
        id=number, contents=merged.contents, postings=merged.postings, symbols=merged.symbols
    )
    connection.executemany("DELETE FROM segments WHERE id = ?", ((s.id,) for s in chosen))
    put_segment(connection, merged)
    connection.executemany(
        "UPDATE contents SET segment = ? WHERE id = ?",
        ((number, content) for content in merged.contents if content != NO_CONTENT),
    )
    database.seen.add(number)
    return Collected(removed=frozenset(segment.id for segment in chosen), added=(merged,))


def _forget_lost_roots(database: Database) -> None:
    """Forget the files of roots that are gone, such as a worktree that was removed."""
    connection: Connection = database.connection
    roots = connection.execute("SELECT id, path FROM roots").fetchall()
    lost = [(number,) for number, path in roots if number != OUTSIDE and not os.path.isdir(path)]
    if lost:
        with transaction(connection):
            connection.executemany("DELETE FROM files WHERE root = ?", lost)
            connection.executemany("DELETE FROM roots WHERE id = ?", lost)
