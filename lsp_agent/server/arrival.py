"""Seeing that an edit has arrived in the editor.

That an editor says it applied an edit is not enough: some drop an edit for an old version and
still say yes. What counts is the text that it reports afterwards.
"""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

from mcp_tools.types.errors import Conflict, StaleEdit
from mcp_tools.workspace.changes import Read
from mcp_tools.workspace.diffs import diff_edits
from mcp_tools.workspace.merging import rebase_edits
from mcp_tools.workspace.workspace import Modification, SetBuffer, Workspace

SYNC_TIMEOUT_S = 10.0
"""How long the editor may take to report the changed text; some do it only when idle."""
GRACE_S = 0.5
"""How long to wait for more, once a text has come that does not have the edit in it."""


class Arrival:
    """Waits until each of some open documents has its expected text, or has had it."""

    def __init__(
        self,
        workspace: Workspace,
        read: Read,
        expected: Mapping[Path, str | None],
        paths: Iterable[Path],
    ) -> None:
        """Start to listen, before the edit is sent; `read` gives the texts that it was made for."""
        self._missing = {path: (read(path).text, expected[path] or "") for path in paths}
        self._workspace = workspace
        self._arrived = asyncio.Event()
        self._changed = asyncio.Event()
        self.stop = workspace.subscribe(self._take)
        """Ends the listening."""

    async def wait(self) -> None:
        """Wait for the texts.

        Raises: StaleEdit if the editor has other changes instead; Conflict if nothing came.
        """
        if not self._missing:
            return
        try:
            async with asyncio.timeout(SYNC_TIMEOUT_S):
                await self._changed.wait()
            async with asyncio.timeout(GRACE_S):
                await self._arrived.wait()
        except TimeoutError as error:
            names = ", ".join(sorted(path.name for path in self._missing))
            if self._changed.is_set():
                raise StaleEdit(f"{names} was changed while the edit was on its way") from error
            raise Conflict(
                f"the editor said that it applied the edit, but {names} did not change"
            ) from error

    def _take(self, modification: Modification, revision: int) -> None:
        if not isinstance(modification, SetBuffer) or modification.path not in self._missing:
            return
        base, expected = self._missing[modification.path]
        if _has_edit(base, expected, modification.text):
            del self._missing[modification.path]
        self._changed.set()
        if not self._missing:
            self._arrived.set()


def _has_edit(base: str, expected: str, text: str) -> bool:
    """Tell whether `text` has what turns `base` into `expected`, with or without more."""
    if text == expected:
        return True
    try:
        return not rebase_edits(diff_edits(base, expected), base, text, name="")
    except StaleEdit:
        return False
