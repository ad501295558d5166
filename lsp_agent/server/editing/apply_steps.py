"""The steps of a change over editor and disk: each is made, and can be taken back.

An editor's edits cannot be prepared beforehand as files can. So each step knows how to undo
what it did, and when a later one fails, those before it are taken back.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

from lsp_agent.server.editing.arrival import Patience
from lsp_agent.server.editing.edit_requests import EditRequests
from mcp_tools.ports import Sink
from mcp_tools.types.contents import Folder, digest_of_content
from mcp_tools.types.edits import ChangeSet, FileChange, SetContent
from mcp_tools.types.errors import Conflict, ExpectedError
from mcp_tools.workspace.changes import ReadState, invert
from mcp_tools.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


class Step(Protocol):
    """A part of a change."""

    async def make(self) -> None:
        """Make it, and see that it is made.

        Raises: ExpectedError; some of it may have been made then.
        """
        ...

    async def take_back(self) -> Sequence[Path]:
        """Undo what was made of it, and give the paths where that did not work."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Editor and disk, as the steps of one change see them."""

    requests: EditRequests
    workspace: Workspace
    disk: Sink
    saved: ReadState
    """Gives what the disk has right now."""
    patience: Patience
    label: str
    entry_id: str


class DiskStep:
    """What the disk changes; all or nothing by itself."""

    def __init__(self, sides: Sides, files: Sequence[FileChange], saved: ReadState) -> None:
        """Take the changes, and look at what is there before them.

        Raises: StaleEdit if it is not what the changes were computed for.
        """
        self._sides = sides
        self._changes = ChangeSet(label=sides.label, files=tuple(files))
        self._inverse = invert(self._changes, saved)
        self._folders = _missing_folders(self._changes, saved, sides.workspace.root)
        self._is_made = False

    async def make(self) -> None:
        """Write it; who is cancelled meanwhile waits for the end, to know what to take back."""
        writing = asyncio.create_task(self._write())
        try:
            await asyncio.shield(writing)
        finally:
            await asyncio.wait({writing})

    async def take_back(self) -> Sequence[Path]:
        """Write back what was there before."""
        if not self._is_made:
            return ()
        try:
            await self._sides.disk.apply(self._inverse, self._sides.entry_id)
        except ExpectedError:
            return self._inverse.paths
        for folder in self._folders:
            gone = SetContent(path=folder, base=digest_of_content(Folder()), content=None)
            removal = ChangeSet(label=self._inverse.label, files=(gone,))
            # One that somebody has put something into by now stays.
            with suppress(ExpectedError):
                await self._sides.disk.apply(removal, self._sides.entry_id)
        return ()

    async def _write(self) -> None:
        await self._sides.disk.apply(self._changes, self._sides.entry_id)
        self._is_made = True


class AllOrNothing:
    """Makes steps one after the other; left by an exception, it takes back what was made."""

    def __init__(self) -> None:
        """Start with nothing made."""
        self._started: list[Step] = []

    async def make(self, step: Step) -> None:
        """Make a step."""
        self._started.append(step)
        await step.make()

    async def __aenter__(self) -> "AllOrNothing":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            return
        lost = [path for step in reversed(self._started) for path in await step.take_back()]
        names = ", ".join(repr(path.name) for path in sorted(lost))
        if not isinstance(error, ExpectedError):
            if lost:
                logger.error("a part of a change stayed, in %s", names)
        elif lost:
            raise Conflict(f"{error}; what had been changed before stays in {names}") from error
        elif len(self._started) > 1 or not isinstance(self._started[0], DiskStep):
            # The disk says so itself, where it is alone.
            raise type(error)(f"{error}; nothing was changed") from error


def _missing_folders(changes: ChangeSet, saved: ReadState, root: Path) -> Sequence[Path]:
    """Give the folders that are made along with the files, the innermost first."""
    found = {
        folder
        for path in changes.paths
        for folder in path.parents
        if root in folder.parents and folder not in changes.paths and saved(folder) is None
    }
    return sorted(found, reverse=True)
