"""Seeing that an edit has arrived in the editor.

That an editor says it applied an edit is not enough: some drop an edit for an old version and
still say yes. What counts is the text that it reports afterwards.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.errors import Conflict, StaleEdit
from mcp_tools.workspace.diffs import diff_edits
from mcp_tools.workspace.merging import rebase_edits
from mcp_tools.workspace.workspace import CloseBuffer, Modification, SetBuffer, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long an editor is waited for, in seconds."""

    answer_s: float = 60.0
    """Until it says whether it applied an edit; it may ask the person first."""
    newer_text_s: float = 3.0
    """Until the newer text arrives for which it refused an edit."""
    sync_s: float = 10.0
    """Until it reports the changed text; some do it only when idle."""
    grace_s: float = 0.5
    """Until more comes, once a text has come that does not have the edit in it."""


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Awaited:
    """The text of an open document before an edit, and what the edit makes of it."""

    base: str
    expected: str

    def is_in(self, text: str) -> bool:
        """Tell whether a text has the edit, with or without more."""
        if text == self.expected:
            return True
        try:
            edits = diff_edits(self.base, self.expected)
            return not rebase_edits(edits, self.base, text, name="")
        except StaleEdit:
            return False


class Arrival:
    """Follows some open documents while an edit of them is on its way."""

    def __init__(
        self, workspace: Workspace, awaited: Mapping[Path, Awaited], patience: Patience
    ) -> None:
        """Start to listen, before the edit is sent."""
        self.arrived: set[Path] = set()
        """The documents that have, or had, their expected text."""
        self._missing = dict(awaited)
        self._strayed: set[Path] = set()
        """Those with a newer text that does not have the edit."""
        self._patience = patience
        self._news = asyncio.Event()
        self.stop = workspace.subscribe(self._take)
        """Ends the listening."""

    async def wait(self) -> None:
        """Wait until each document has its expected text, or has had it.

        Raises: StaleEdit if the editor has other changes instead; Conflict if nothing came.
        """
        try:
            async with asyncio.timeout(self._patience.sync_s):
                while self._missing and not self._strayed:
                    await self._next()
            async with asyncio.timeout(self._patience.grace_s):
                while self._missing:
                    await self._next()
        except TimeoutError as error:
            names = ", ".join(repr(path.name) for path in sorted(self._missing))
            if self._strayed:
                raise StaleEdit(
                    f"newer text of {names} came while the edit was on its way"
                ) from error
            raise Conflict(
                f"the editor said that it applied the edit, but {names} did not change"
            ) from error

    async def has_newer_text(self) -> bool:
        """Tell whether other changes came instead of the edit; waits for them for a while."""
        try:
            async with asyncio.timeout(self._patience.newer_text_s):
                while not self._strayed:
                    await self._next()
        except TimeoutError:
            return False
        return True

    async def _next(self) -> None:
        self._news.clear()
        await self._news.wait()

    def _take(self, modification: Modification, revision: int) -> None:
        if not isinstance(modification, SetBuffer | CloseBuffer):
            return
        path = modification.path
        if path not in self._missing:
            return
        if isinstance(modification, SetBuffer) and self._missing[path].is_in(modification.text):
            del self._missing[path]
            self.arrived.add(path)
            self._strayed.discard(path)
        else:
            self._strayed.add(path)
        self._news.set()
