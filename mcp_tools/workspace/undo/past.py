"""What recorded changes did, path by path and hunk by hunk, out of the journal's contents."""

from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.types.errors import NotFound
from mcp_tools.types.journal import FileRecord, StoredState
from mcp_tools.workspace.hunks import Hunk, hunks_between
from mcp_tools.workspace.journal.journal import Journal

MAX_REMEMBERED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChange:
    """One path of an entry, with its contents."""

    name: str
    """From the root, with `/`."""
    path: Path
    before: State | None
    after: State | None
    hunks: tuple[Hunk, ...]
    """From the top down; their ids are what an undo of a part goes by."""


class Past:
    """Reads the contents of entries, each only once as far as memory allows."""

    def __init__(
        self, journal: Journal, root: Path, *, max_bytes: int = MAX_REMEMBERED_BYTES
    ) -> None:
        """Read from `journal`, whose paths are those below `root`."""
        self._max_bytes = max_bytes
        self._journal = journal
        self._root = root
        self._states: dict[StoredState, State] = {}
        self._n_bytes = 0

    def path(self, record: FileRecord) -> Path:
        """Give the absolute path of a record."""
        return self._root / record.path

    def change(self, record: FileRecord) -> PathChange:
        """Give what an entry did to one path.

        Raises: NotFound if a content was dropped to keep the journal small; JournalFailed.
        """
        for stored in (record.before, record.after):
            if stored is not None and not self._journal.is_kept(stored):
                raise NotFound(
                    "its contents are not kept any more, so that the journal stays small"
                )
        path = self.path(record)
        before, after = self._load(record.before), self._load(record.after)
        hunks = hunks_between(path, before, after)
        return PathChange(name=record.path, path=path, before=before, after=after, hunks=hunks)

    def _load(self, stored: StoredState | None) -> State | None:
        if stored is None:
            return None
        if stored not in self._states:
            self._remember(stored, self._journal.load(stored))
        return self._states[stored]

    def _remember(self, stored: StoredState, state: State) -> None:
        """Keep a content, and forget the oldest ones that are too much with it."""
        self._states[stored] = state
        self._n_bytes += stored.size_bytes
        while self._n_bytes > self._max_bytes and len(self._states) > 1:
            oldest = next(iter(self._states))
            del self._states[oldest]
            self._n_bytes -= oldest.size_bytes
