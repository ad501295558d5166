"""Contents on their way into the store.

The slow part, compressing and syncing, comes before the transaction that makes them known, so
that other processes wait for renames only.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.database import Connection
from mcp_tools.workspace.journal.keeping import add_contents, known_keys
from mcp_tools.workspace.journal.objects import Objects
from mcp_tools.workspace.journal.private import remove_if_there

_N_WRITERS = 4
"""Threads that wait for the disk together; a file system serves several syncs at once."""


class Arriving:
    """The contents of one write."""

    def __init__(self, blobs: Mapping[Digest, bytes]) -> None:
        """Take the contents by their keys; nothing is written yet."""
        self._blobs = blobs
        self._beside: dict[Digest, Path] = {}
        """Written, but not in their places."""
        self._whole: set[Digest] = set()
        """In their places, and read through: equal contents are kept once."""

    def prepare(self, objects: Objects, known: frozenset[Digest]) -> None:
        """Write what is not known to be in the store, or is there but damaged.

        Raises: OSError; JournalFailed.
        """

        def prepare_one(key: Digest) -> None:
            data = self._blobs[key]
            if key in known and objects.read(key, len(data)) is not None:
                self._whole.add(key)
            else:
                self._beside[key] = objects.write_beside(data)

        with ThreadPoolExecutor(min(_N_WRITERS, len(self._blobs)) or 1) as pool:
            for _ in pool.map(prepare_one, self._blobs):
                pass

    def publish(self, connection: Connection, objects: Objects) -> None:
        """Put the contents in their places, inside of a transaction.

        What was dropped since `prepare` is written after all.
        Raises: OSError; JournalFailed.
        """
        in_place = self._whole & known_keys(connection, self._blobs)
        coming = self._blobs.keys() - in_place
        for key in coming - self._beside.keys():
            self._beside[key] = objects.write_beside(self._blobs[key])
        add_contents(connection, objects.publish(self._beside))
        self._beside.clear()

    def withdraw(self, connection: Connection, objects: Objects) -> None:
        """Remove what was put in its place by a transaction that was then taken back.

        Inside of a transaction: another process may have put the same there.
        Raises: OSError; JournalFailed.
        """
        for key in self._blobs.keys() - known_keys(connection, self._blobs):
            objects.remove(key)

    def discard(self) -> None:
        """Remove what did not get to its place."""
        for path in self._beside.values():
            remove_if_there(path)
