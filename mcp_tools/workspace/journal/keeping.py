"""What stays in the store, and what goes when it is full.

Each call does a bounded piece of work inside of a transaction of its caller. A content's row goes
first; its file is removed in a later transaction, when no kill can bring the row back. A file
without a row is what a killed process left behind, and is looked for after such an end.
"""

from collections.abc import Iterable, Mapping

from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.database import Connection, number_named, set_number
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.journal.objects import N_SHARDS, Objects

_N_SWEPT = 8
"""Folders that are looked through at one write."""


def known_keys(connection: Connection, keys: Iterable[Digest]) -> frozenset[Digest]:
    """Give those of the keys whose contents are in the store."""
    question = "SELECT 1 FROM contents WHERE key = ?"
    return frozenset(k for k in keys if connection.execute(question, (k,)).fetchone() is not None)


def add_contents(connection: Connection, sizes: Mapping[Digest, int]) -> None:
    """Note that contents are in the store, each with its size on disk."""
    connection.executemany(
        "INSERT OR IGNORE INTO contents (key, stored_bytes) VALUES (?, ?)", sizes.items()
    )


def drop_oldest(connection: Connection, limits: Limits, *, n_steps: int) -> None:
    """Take from the oldest entries what is over the limits; the files are doomed, not gone.

    An entry that is being made keeps all. What a younger entry or a proposal needs stays.
    """
    excess = number_named(connection, "n_entries") - limits.max_entries
    if excess > 0:
        connection.execute(
            "DELETE FROM entries WHERE number IN ("
            "SELECT number FROM entries WHERE state != 'pending' ORDER BY number LIMIT ?)",
            (min(excess, n_steps),),
        )
    if number_named(connection, "stored_bytes") > limits.max_store_bytes:
        _drop_oldest_uses(connection, limits, n_steps=n_steps)


def remove_doomed(connection: Connection, objects: Objects, *, n_steps: int) -> None:
    """Remove files whose contents were dropped in an earlier transaction.

    Must come first in a transaction: what this one dooms is not committed yet.
    """
    rows = connection.execute("SELECT key FROM doomed LIMIT ?", (n_steps,)).fetchall()
    _remove(objects, (Digest(key) for (key,) in rows))
    connection.executemany("DELETE FROM doomed WHERE key = ?", rows)


def expect_rubbish(connection: Connection) -> None:
    """Note that there may be files without a row, because a process was killed."""
    set_number(connection, "n_unswept", N_SHARDS)


def sweep(connection: Connection, objects: Objects) -> None:
    """Remove the files without a row from the next few folders, if any are expected."""
    n_unswept = number_named(connection, "n_unswept")
    if n_unswept:
        n_left = max(0, n_unswept - _N_SWEPT)
        for shard in range(n_left, n_unswept):
            found = objects.keys_in(shard)
            _remove(objects, found - known_keys(connection, found))
        set_number(connection, "n_unswept", n_left)


def _drop_oldest_uses(connection: Connection, limits: Limits, *, n_steps: int) -> None:
    oldest = connection.execute(
        "SELECT uses.number, uses.key FROM uses JOIN entries USING (number) "
        "WHERE entries.state != 'pending' ORDER BY uses.number LIMIT ?",
        (n_steps,),
    ).fetchall()
    for use in oldest:
        connection.execute("DELETE FROM uses WHERE number = ? AND key = ?", use)
        if number_named(connection, "stored_bytes") <= limits.max_store_bytes:
            break


def _remove(objects: Objects, keys: Iterable[Digest]) -> None:
    for key in keys:
        objects.remove(key)
