"""The steps of a change that an editor makes: edits of texts, and removing or naming files."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp

from lsp_agent.server.convert import uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.editing.apply_steps import Sides
from lsp_agent.server.editing.arrival import Arrival, Awaited
from lsp_agent.server.editing.parting import Operation
from mcp_tools.types.contents import State
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, RenameFile, TextEdit
from mcp_tools.types.errors import Conflict, Denied, ExpectedError, StaleEdit
from mcp_tools.workspace.diffs import apply_edits, diff_edits
from mcp_tools.workspace.merging import rebase_edits
from mcp_tools.workspace.workspace import CloseBuffer, Modification, SetBuffer


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEdit:
    """Edits of one open document."""

    path: Path
    opened: OpenDocument
    awaited: Awaited
    edits: tuple[TextEdit, ...]
    """Of the awaited text's base."""


class TextStep:
    """Edits of open documents that go in one request."""

    def __init__(self, sides: Sides, edits: Sequence[OpenEdit]) -> None:
        """Take the edits, one of each document."""
        self._sides = sides
        self._edits = edits
        self._arrived: set[Path] = set()

    async def make(self) -> None:
        """Send them, and wait until the texts are the expected ones.

        Whatever the editor says, or does not say any more: the texts that it shows are the proof.
        """
        try:
            await self._sides.requests.while_here(self._send(self._sides.label, self._edits))
        except Denied:
            if not all(edit.path in self._arrived for edit in self._edits):
                raise

    async def take_back(self) -> Sequence[Path]:
        """Send the inverse where an edit arrived; what was typed since then stays."""
        lost: list[Path] = []
        for edit in self._edits:
            try:
                await self._sides.requests.while_here(self._undo(edit))
            except ExpectedError:
                lost.append(edit.path)
        return lost

    async def _send(self, label: str, edits: Sequence[OpenEdit]) -> None:
        awaited = {edit.path: edit.awaited for edit in edits}
        changes = [self._wire_edit(edit) for edit in edits]
        requests = self._sides.requests
        arrival = Arrival(self._sides.workspace, awaited, self._sides.patience)
        try:
            refusal = await requests.send(label, changes)
            if refusal is None:
                await arrival.wait()
            elif await arrival.has_newer_text():
                raise StaleEdit("the text was changed while the edit was on its way")
            else:
                raise Denied(f"the editor refused the edit ({refusal.reason})")
        finally:
            arrival.stop()
            self._arrived |= arrival.arrived

    def _wire_edit(self, edit: OpenEdit) -> lsp.TextDocumentEdit:
        buffer = self._sides.workspace.buffer(edit.path)
        if buffer is None or buffer.text != edit.awaited.base:
            raise StaleEdit(f"newer text of {edit.path.name!r} came before the edit was sent")
        return self._sides.requests.text_edit(edit.opened, buffer, edit.edits)

    async def _undo(self, edit: OpenEdit) -> None:
        path, base, expected = edit.path, edit.awaited.base, edit.awaited.expected
        buffer = self._sides.workspace.buffer(path)
        if buffer is None:
            saved = await asyncio.to_thread(self._sides.saved, path)
            if saved and isinstance(saved.content, str) and edit.awaited.is_in(saved.content):
                raise StaleEdit(f"{path.name!r} was saved and closed")
            return
        if path not in self._arrived and not edit.awaited.is_in(buffer.text):
            return
        back = rebase_edits(diff_edits(expected, base), expected, buffer.text, name=path.name)
        if not back:
            return
        awaited = Awaited(buffer.text, apply_edits(buffer.text, back))
        inverse = OpenEdit(path=path, opened=edit.opened, awaited=awaited, edits=back)
        await self._send(f"Undo: {self._sides.label}", [inverse])


class OperationStep:
    """The removal or renaming of one open file, whose text is saved, by the editor."""

    def __init__(
        self, sides: Sides, operation: Operation, opened: OpenDocument, before: State | None
    ) -> None:
        """Take the operation, and what is at its path until then."""
        assert before is not None, "only what is saved is removed or renamed"
        self._sides = sides
        self._operation = operation
        self._opened = opened
        self._before = before
        self._typed: str | None = None
        """What was typed while the operation was on its way."""

    async def make(self) -> None:
        """Send it, and look at the disk afterwards."""
        await self._sides.requests.while_here(self._make())

    async def take_back(self) -> Sequence[Path]:
        """Make or name the file as before; what was typed into it meanwhile is kept."""
        path = self._operation.path
        try:
            if await self._is_there(path):
                return ()
            await self._restore()
        except ExpectedError:
            return (path,)
        return ()

    async def _make(self) -> None:
        closed = asyncio.Event()

        def take(modification: Modification, revision: int) -> None:
            if isinstance(modification, CloseBuffer) and modification.path == self._operation.path:
                closed.set()
            elif isinstance(modification, SetBuffer) and modification.path == self._operation.path:
                self._typed = modification.text

        stop = self._sides.workspace.subscribe(take)
        try:
            refusal = await self._sides.requests.send(self._sides.label, [self._wire()])
            if refusal is not None:
                raise Denied(f"the editor refused it ({refusal.reason})")
            # Some editors keep the document of a file that is gone.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sides.patience.grace_s):
                    await closed.wait()
        finally:
            stop()
        await self._check()

    def _wire(self) -> lsp.DeleteFile | lsp.RenameFile:
        match self._operation:
            case DeleteFile():
                return lsp.DeleteFile(uri=self._opened.uri)
            case RenameFile(new_path=new_path):
                return lsp.RenameFile(old_uri=self._opened.uri, new_uri=uri_of(new_path))

    async def _check(self) -> None:
        operation = self._operation
        if self._typed not in (None, self._before.content):
            raise StaleEdit(f"somebody typed in {operation.path.name!r} at the same moment")
        is_done = not await self._is_there(operation.path)
        if isinstance(operation, RenameFile):
            is_done = is_done and await self._is_there(operation.new_path)
        if not is_done:
            raise Conflict(
                f"the editor said that it did so, but {operation.path.name!r} is as before"
            )

    async def _is_there(self, path: Path) -> bool:
        return await asyncio.to_thread(self._sides.saved, path) is not None

    async def _restore(self) -> None:
        operation = self._operation
        if isinstance(operation, RenameFile):
            wire = lsp.RenameFile(old_uri=uri_of(operation.new_path), new_uri=self._opened.uri)
            refusal = await self._sides.requests.send(f"Undo: {self._sides.label}", [wire])
            if refusal is not None or not await self._is_there(operation.path):
                raise Conflict(f"{operation.new_path.name!r} keeps its new name")
            return
        before = self._before
        text = str(before.content) if self._typed is None else self._typed
        made = CreateFile(path=operation.path, text=text, mode=before.mode, has_bom=before.has_bom)
        change = ChangeSet(label=f"Undo: {self._sides.label}", files=(made,))
        await self._sides.disk.apply(change, self._sides.entry_id)
