"""The one way by which a change becomes real: recorded first, then made, then confirmed.

Before a sink touches anything, the journal holds what was there and what is to come. If the
process is killed in between, the entry stays pending, and the recovery at the next start sees
from it what to put back.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mcp_tools.ports import Sink
from mcp_tools.types.contents import Folder, State
from mcp_tools.types.edits import ChangeSet, ModifyFile
from mcp_tools.types.errors import Conflict, Denied, ExpectedError, JournalFailed
from mcp_tools.types.journal import Entry, EntryKind, NewEntry, Origin, Target, Transition
from mcp_tools.workspace.changes import States, states_after
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


class Applier:
    """Applies change sets to one workspace and writes them into its journal."""

    def __init__(self, workspace: Workspace, sink: Sink, journal: Journal) -> None:
        """Make changes by `sink`, and record them in `journal`."""
        self._workspace = workspace
        self._sink = sink
        self._journal = journal

    @property
    def journal(self) -> Journal:
        """Where the changes are recorded."""
        return self._journal

    async def apply(
        self,
        changes: ChangeSet,
        origin: Origin,
        *,
        kind: EntryKind = EntryKind.CHANGE,
        targets: Sequence[Target] = (),
    ) -> Entry:
        """Make a change and give its entry; an empty one is only recorded.

        Raises: JournalFailed if it cannot be recorded, and all that `Sink.apply` raises; the
            entry then says that it failed, or after a Conflict, what is not as expected.
        """
        snapshot = self._workspace.snapshot()
        transitions = await asyncio.to_thread(_transitions, changes, snapshot)
        new = NewEntry(
            label=changes.label,
            origin=origin,
            transitions=transitions,
            kind=kind,
            targets=tuple(targets),
        )
        entry = await asyncio.to_thread(self._journal.begin, new)
        # A caller that is cancelled waits too: half a change, or one without its entry, is none.
        making = asyncio.create_task(self._make(changes, entry))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait({making})
            raise

    async def _make(self, changes: ChangeSet, entry: Entry) -> Entry:
        failure = "it ended by a fault of this program; the log has more"
        try:
            if changes.files:
                await self._sink.apply(changes, entry.id)
            failure = ""
        except Conflict as error:
            # Some of it may have been made: the entry stays one that can be undone.
            failure = ""
            await self._confirm(entry, notes=(str(error),))
            raise
        except ExpectedError as error:
            failure = str(error) or type(error).__name__
            raise
        finally:
            if failure:
                with suppress(JournalFailed):
                    await asyncio.to_thread(self._journal.fail, entry.id, failure)
        return await self._confirm(entry)

    async def _confirm(self, entry: Entry, *, notes: Sequence[str] = ()) -> Entry:
        try:
            return await asyncio.to_thread(self._journal.finish, entry.id, notes=notes)
        except JournalFailed:
            # The change is made by now, whatever becomes of the journal.
            logger.exception("entry %s was made, but could not be confirmed", entry.id)
            return entry


def _transitions(changes: ChangeSet, snapshot: Snapshot) -> tuple[Transition, ...]:
    """Give what each path is before and after, the folders that will be made for it included."""
    _refuse_unsaved(changes, snapshot)
    after: dict[Path, State | None] = states_after(changes, snapshot.below_state)
    after = {**_missing_folders(after, snapshot), **after}
    return tuple(
        Transition(path=path, before=snapshot.below_state(path), after=after[path])
        for path in sorted(after)
    )


def _refuse_unsaved(changes: ChangeSet, snapshot: Snapshot) -> None:
    """See that no file goes whose text on disk is another one than in the editor.

    One of the two would be lost: the journal keeps what the editor shows.
    """
    unsaved = snapshot.overlay()
    for change in changes.files:
        if not isinstance(change, ModifyFile) and change.path in unsaved:
            raise Denied(
                f"{change.path.name!r} has unsaved changes in the editor, so it is not moved, "
                "replaced or deleted; save or close it first"
            )


def _missing_folders(after: States, snapshot: Snapshot) -> dict[Path, State | None]:
    found: dict[Path, State | None] = {}
    for path in (path for path, state in after.items() if state is not None):
        for folder in path.parents:
            if folder == snapshot.root or folder in found:
                break
            if snapshot.below_state(folder) is not None:
                break
            found[folder] = State(content=Folder())
    return found
