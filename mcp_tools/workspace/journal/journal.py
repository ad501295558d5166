"""The undo journal of one workspace: who changed what, when, and what was there before.

An entry begins before anything is changed, and by then holds all that an undo needs. An entry
whose process was killed is found as unfinished by whoever comes next.
"""

import logging
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.types.journal import Entry, EntryState, NewEntry, StoredState
from mcp_tools.workspace.journal.clock import now
from mcp_tools.workspace.journal.contents import content_of
from mcp_tools.workspace.journal.database import Connection
from mcp_tools.workspace.journal.gathering import Gathering
from mcp_tools.workspace.journal.limits import DEFAULT_LIMITS, Limits
from mcp_tools.workspace.journal.packing import Unreadable, packed
from mcp_tools.workspace.journal.records import COLUMNS, details_of, entry_of, microseconds_of
from mcp_tools.workspace.journal.store import Store

logger = logging.getLogger(__name__)

_LETTERS = str.maketrans("0123456789abcdef", "zyxwvutsrqponmlk")
"""Ids are written without digits, so that no part of one can be taken for a number."""
_ID_PREFIX = re.compile(r"[k-z]{4,16}")
_NUMBER = re.compile(r"#?([0-9]{1,18})")
_MAX_CANDIDATES = 5


class Journal:
    """The journal of one workspace, in a folder of the user's own; opened at first use.

    Several processes may use it at once, and each from any thread. Every method raises
    JournalFailed when the folder or the database cannot be used, with what to do about it.
    """

    def __init__(
        self,
        folder: Path,
        root: Path,
        *,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Take the folder to keep it in, and the root that its paths are told from."""
        self._root = root
        self._clock = clock
        self._store = Store(folder, limits)

    @property
    def root(self) -> Path:
        """The folder of the workspace."""
        return self._root

    @property
    def store(self) -> Store:
        """Where the rows and contents are, for what else is kept with them."""
        return self._store

    def gathering(self) -> Gathering:
        """Give an empty collection of contents of this workspace, to be kept."""
        return Gathering(self._root, self._store.limits)

    def begin(self, new: NewEntry) -> Entry:
        """Record what is about to be changed; all contents are on disk when this returns.

        Raises: JournalFailed, also if a content is too large; nothing is recorded then.
        """
        gathering = self.gathering()
        details = details_of(new, gathering)
        entry_id = secrets.token_hex(8).translate(_LETTERS)

        def insert(connection: Connection) -> Entry:
            columns = (
                entry_id,
                self._next_moment(connection),
                EntryState.PENDING,
                self._store.owner_id,
                details,
                packed(new.notes),
            )
            number = connection.execute(
                "INSERT INTO entries (id, at_us, state, owner, details, notes) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                columns,
            ).lastrowid
            connection.executemany(
                "INSERT INTO uses (number, key) VALUES (?, ?)",
                ((number, key) for key in gathering.blobs),
            )
            return _entry_with_id(connection, entry_id)

        return self._store.keep(gathering.blobs, insert)

    def finish(self, entry_id: str, *, notes: Sequence[str] = ()) -> Entry:
        """Record that a change is made.

        Raises: JournalFailed, also if the entry is settled already.
        """
        return self._settle(entry_id, EntryState.DONE, notes)

    def fail(self, entry_id: str, reason: str) -> Entry:
        """Record that a change was not made; the reason becomes a note.

        Raises: JournalFailed, also if the entry is settled already.
        """
        return self._settle(entry_id, EntryState.FAILED, (reason,))

    def interrupt(self, entry_id: str, notes: Sequence[str]) -> Entry:
        """Record that a change was cut off by the end of its process, and is taken back.

        Raises: JournalFailed, also if the entry is settled already.
        """
        return self._settle(entry_id, EntryState.INTERRUPTED, notes)

    def entry(self, entry_id: str) -> Entry:
        """Give one entry, by its id, the first four letters of that or more, or `#7`, or `7`.

        Raises: NotFound if there is none, or several; JournalFailed.
        """
        name = entry_id.strip().lower()
        if match := _NUMBER.fullmatch(name):
            condition, values = "number = ?", (int(match[1]),)
        elif _ID_PREFIX.fullmatch(name):
            condition, values = "id BETWEEN ? AND ?", (name, f"{name}~")
        else:
            raise NotFound(
                f"expected the number of an entry, or four letters of its id, got {entry_id!r}"
            )
        question = f"SELECT {COLUMNS} FROM entries WHERE {condition} ORDER BY number DESC LIMIT ?"
        rows = self._store.read(
            lambda db: db.execute(question, (*values, _MAX_CANDIDATES + 1)).fetchall()
        )
        found = [_readable(row) for row in rows]
        if not found:
            raise NotFound(f"there is no entry {entry_id!r} in the history")
        if len(found) > 1:
            raise NotFound(f"{entry_id!r} fits several entries: {_candidates(found)}")
        return found[0]

    def entries(self, *, limit: int | None = None) -> tuple[Entry, ...]:
        """Give the entries, newest first; all of them if there is no limit.

        Raises: JournalFailed.
        """
        return self._entries("", -1 if limit is None else max(0, limit))

    def unfinished(self) -> tuple[Entry, ...]:
        """Give the pending entries whose process is gone, newest first.

        Raises: JournalFailed.
        """
        rows = self._store.read(
            lambda db: db.execute(
                "SELECT id, owner FROM entries WHERE state = 'pending'"
            ).fetchall()
        )
        owners = {str(entry_id): str(owner) for entry_id, owner in rows}
        if set(owners.values()) <= {self._store.owner_id}:
            return ()
        gone = self._store.gone_owners(set(owners.values()))
        pending = self._entries("WHERE state = 'pending'", -1)
        # An entry that began since then has a process.
        return tuple(entry for entry in pending if owners.get(entry.id) in gone)

    def load(self, stored: StoredState) -> State:
        """Give a state with its content.

        Raises: NotFound if that was dropped to keep the store small; JournalFailed if it is
            damaged.
        """
        data = self._store.load(stored.digest, stored.size_bytes)
        try:
            content = content_of(stored.kind, data)
        except ValueError as error:
            raise JournalFailed(f"a kept content is damaged: {error}") from error
        return State(content=content, mode=stored.mode, has_bom=stored.has_bom)

    def is_kept(self, stored: StoredState) -> bool:
        """Tell whether the content of a state is still in the store.

        Raises: JournalFailed.
        """
        return self._store.has(stored.digest, stored.size_bytes)

    def writing(self) -> AbstractContextManager[None]:
        """Give the lock that is held while files of the workspace are written.

        One thread of one process has it at a time. It must not be taken twice.
        Raises: JournalFailed, when it is entered, if another has it for too long.
        """
        return self._store.lock(
            "writing.lock",
            busy="another process has been writing files of this workspace for more than "
            f"{self._store.limits.lock_timeout_s:g} s; try again when it is done",
        )

    def close(self) -> None:
        """Let go of the journal; what this process left pending counts as unfinished then."""
        self._store.close()

    def _next_moment(self, connection: Connection) -> int:
        """Give the time of now, but never one before the last entry's: clocks may go back."""
        last = connection.execute("SELECT at_us FROM entries ORDER BY number DESC LIMIT 1")
        return max(microseconds_of(self._clock().astimezone(UTC)), *(at for (at,) in last), 0)

    def _settle(self, entry_id: str, state: EntryState, notes: Sequence[str]) -> Entry:
        def update(connection: Connection) -> Entry:
            entry = _entry_with_id(connection, entry_id)
            if entry.state is not EntryState.PENDING:
                raise JournalFailed(
                    f"expected the entry {entry_id!r} to be pending, it is {entry.state.value!r}"
                )
            settled = replace(entry, state=state, notes=(*entry.notes, *notes))
            connection.execute(
                "UPDATE entries SET state = ?, notes = ? WHERE number = ?",
                (state, packed(settled.notes), entry.number),
            )
            return settled

        return self._store.write(update)

    def _entries(self, condition: str, limit: int) -> tuple[Entry, ...]:
        question = f"SELECT {COLUMNS} FROM entries {condition} ORDER BY number DESC LIMIT ?"
        rows = self._store.read(lambda db: db.execute(question, (limit,)).fetchall())
        found: list[Entry] = []
        for row in rows:
            try:
                found.append(entry_of(row))
            except Unreadable:
                logger.exception("an entry of the undo journal is left out")
        return tuple(found)


def _entry_with_id(connection: Connection, entry_id: str) -> Entry:
    question = f"SELECT {COLUMNS} FROM entries WHERE id = ?"
    row = connection.execute(question, (entry_id,)).fetchone()
    if row is None:
        raise JournalFailed(f"the entry {entry_id!r} is not in the undo journal any more")
    return _readable(row)


def _readable(row: Sequence[object]) -> Entry:
    try:
        return entry_of(row)
    except Unreadable as error:
        raise JournalFailed(str(error)) from error


def _candidates(entries: Sequence[Entry]) -> str:
    names = [f"#{entry.number} {entry.id} ({entry.label})" for entry in entries[:_MAX_CANDIDATES]]
    more = ["and more"] if len(entries) > _MAX_CANDIDATES else []
    return ", ".join([*names, *more])
