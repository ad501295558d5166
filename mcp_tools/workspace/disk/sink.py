"""The disk as a Sink: all files of a change are replaced, or none is.

When `apply` is called, the journal holds what was there and what is to come. Should the process
be killed in between, `recovery` brings back from it what was there; it knows the temporary files
by the id of the entry in their names.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.types.edits import ChangeSet, RenameFile
from mcp_tools.types.errors import Denied
from mcp_tools.workspace.changes import paths_of, states_after
from mcp_tools.workspace.disk.exact_names import exact_reader
from mcp_tools.workspace.disk.placing import may_write
from mcp_tools.workspace.disk.plan import Job, Kind, Wanted, plan
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.steps import Site
from mcp_tools.workspace.disk.transaction import carry_out

_ANY_MAY_WRITE = 0o222


class DiskSink:
    """Writes changes below one root, atomically a file and all or nothing a change.

    A file with several hard links is replaced under the one name; the others keep the old text.
    A link is replaced itself; where it leads to, nothing is written.
    """

    def __init__(
        self,
        source: DiskSource,
        *,
        lock: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Take the source whose files are written; its root is the limit.

        `lock` is held around each change, so that two writers of one workspace take turns.
        """
        self._source = source
        self._lock = lock

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Make the change on disk and check it; temporary files bear the id of its entry.

        Raises: StaleEdit, InvalidEdit, NotText, TooLarge, OutsideWorkspace, or Denied when the
            system refuses a write; everything is as before then. Conflict when a file is not
            what was written, or could not be put back; JournalFailed if another process writes
            for too long.
        """
        # A thread cannot be interrupted half way, so a cancelled caller leaves whole files.
        await asyncio.to_thread(self.apply_now, changes, entry_id)

    def apply_now(self, changes: ChangeSet, entry_id: str) -> None:
        """Do what `apply` does, and return when it is done."""
        with self._lock():
            read = exact_reader(self._source, [p for c in changes.files for p in paths_of(c)])
            jobs = plan(_wanted(self._source.root, changes, entry_id, read))
            _refuse_read_only(self._source.root, jobs)
            carry_out(Site(self._source.root, read), jobs)


def _wanted(
    root: Path, changes: ChangeSet, entry_id: str, read: Callable[[Path], State | None]
) -> Wanted:
    """Read each path once: what the change is made from is what must still be there later."""
    before: dict[Path, State | None] = {}

    def read_once(path: Path) -> State | None:
        if path not in before:
            before[path] = read(path)
        return before[path]

    after = states_after(changes, read_once)
    old_names = {c.new_path: c.path for c in changes.files if isinstance(c, RenameFile)}
    return Wanted(
        root=root,
        entry_id=entry_id,
        read=read,
        before=before,
        after=after,
        old_names=old_names,
    )


def _refuse_read_only(root: Path, jobs: list[Job]) -> None:
    """See that no file is replaced that its owner, or the system, protects from being written.

    A rename does not ask for that right. Raises: Denied.
    """
    for job in jobs:
        if job.kind is Kind.REPLACE and _is_protected(root, job):
            name = job.path.relative_to(root).as_posix()
            raise Denied(
                f"nothing was changed: {name!r} is read-only; make it writable first, "
                "if it is meant to be changed"
            )


def _is_protected(root: Path, job: Job) -> bool:
    old_mode, new_mode = (None if s is None else s.mode for s in (job.before, job.after))
    if old_mode is None:  # a link
        return False
    if not old_mode & _ANY_MAY_WRITE:
        return not (new_mode or 0) & _ANY_MAY_WRITE
    return not may_write(root, job.path)
