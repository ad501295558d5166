"""Changes that are recorded in a journal, and what can be seen of its folder."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mcp_tools.types.contents import Binary, Content, State
from mcp_tools.types.journal import Actor, Entry, NewEntry, Origin, Transition
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.limits import Limits

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""A moment that tests call now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a journal and its workspace are."""

    folder: Path
    root: Path
    stack: ExitStack

    def journal(
        self, *, limits: Limits | None = None, clock: Callable[[], datetime] = lambda: NOON
    ) -> Journal:
        """Give a journal here; several of them are like several processes."""
        journal = Journal(self.folder, self.root, limits=limits or Limits(), clock=clock)
        self.stack.callback(journal.close)
        return journal

    def change(self, *contents: Content, name: str = "a.txt") -> NewEntry:
        """Give an entry for one file, which goes through these contents."""
        states = [State(content=content, mode=0o644) for content in contents]
        return self.transition(name, *(states if len(states) > 1 else [None, *states]))

    def transition(self, name: str, before: State | None, after: State | None) -> NewEntry:
        """Give an entry for one file, from one state to another."""
        transition = Transition(path=self.root / name, before=before, after=after)
        return NewEntry(label="a change", origin=ORIGIN, transitions=(transition,))

    def objects(self) -> list[Path]:
        """Give all content files."""
        return sorted(path for path in self.folder.glob("objects/*/*") if path.is_file())

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Do something to the database behind the journal's back."""
        with closing(sqlite3.connect(self.folder / "journal.db")) as connection, connection:
            return connection.execute(statement, values).fetchall()


ORIGIN = Origin(actor=Actor.TOOL, name="edit_file", session_id="s", turn_id="t", call_id="c")


def made(journal: Journal, new: NewEntry) -> Entry:
    """Begin and finish an entry."""
    return journal.finish(journal.begin(new).id)


def after(journal: Journal, entry: Entry) -> Content:
    """Give what the first file of an entry has become."""
    stored = entry.files[0].after
    assert stored is not None
    return journal.load(stored).content


def is_kept(journal: Journal, entry: Entry) -> bool:
    """Tell whether what the first file of an entry has become is in the store."""
    stored = entry.files[0].after
    assert stored is not None
    return journal.is_kept(stored)


def noise(seed: int, n_bytes: int = 1000) -> Binary:
    """Give bytes that no compression makes smaller; the same for the same seed."""
    # A linear congruential generator: good enough for zlib, and the same everywhere.
    value, data = seed + 1, bytearray()
    for _ in range(n_bytes):
        value = (value * 6364136223846793005 + 1442695040888963407) % 2**64
        data.append(value >> 56)
    return Binary(bytes(data))
