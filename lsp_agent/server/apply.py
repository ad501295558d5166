"""The editor as a Sink: edits go by `workspace/applyEdit` and are then seen to have arrived.

Every edit of an open document names the version that it was computed for. When the person has
typed meanwhile, the editor refuses; the refusal becomes a StaleEdit, and the caller computes
the edit anew from the text of then.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.convert import to_text_edits, uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.server import AgentServer
from mcp_tools.ports import Sink
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, ModifyFile, RenameFile
from mcp_tools.types.errors import Conflict, Denied, StaleEdit
from mcp_tools.workspace.changes import texts_after
from mcp_tools.workspace.workspace import Modification, SetBuffer, Workspace

ANSWER_TIMEOUT_S = 60.0
"""How long an editor may take to apply an edit; it may ask the person first."""
SYNC_TIMEOUT_S = 3.0
"""How long its notification of the changed text may take after that."""

DocumentChange = lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile
FindOpen = Callable[[Path], OpenDocument | None]


class EditorSink:
    """Applies changes in the editor; file operations that it cannot do go to the disk."""

    def __init__(
        self, server: AgentServer, workspace: Workspace, find_open: FindOpen, disk: Sink
    ) -> None:
        """Work for one workspace; `find_open` gives the open document of a path."""
        self._server = server
        self._workspace = workspace
        self._find_open = find_open
        self._disk = disk
        self._lock = asyncio.Lock()

    async def apply(self, changes: ChangeSet) -> None:
        """Send the change to the editor and wait until its text is the expected one.

        Raises: Denied if the editor takes no edits, or refused; StaleEdit if the text moved on;
            Conflict if it took the edit, but shows something else.
        """
        if not self._server.connection.abilities.can_apply_edits:
            raise Denied(
                "this editor does not offer workspace/applyEdit, so nothing was changed; "
                "use `lsp-agent fix FILE --apply` on the saved file instead"
            )
        async with self._lock:
            snapshot = self._workspace.snapshot()
            expected = texts_after(changes, snapshot.read)
            for_disk = tuple(f for f in changes.files if not self._is_for_editor(f))
            for_editor = tuple(f for f in changes.files if self._is_for_editor(f))
            if for_editor:
                edits = [e for f in for_editor for e in self._document_changes(f, snapshot.read)]
                arrival = _Arrival(self._workspace, expected, self._open_paths(for_editor))
                try:
                    await self._send(changes.label, edits)
                    await arrival.wait()
                finally:
                    arrival.stop()
            if for_disk:
                await self._disk.apply(ChangeSet(label=changes.label, files=for_disk))

    def _is_for_editor(self, change: ModifyFile | CreateFile | DeleteFile | RenameFile) -> bool:
        operations = self._server.connection.abilities.resource_operations
        match change:
            case ModifyFile():
                return True
            case CreateFile():
                return "create" in operations
            case DeleteFile():
                return "delete" in operations
            case RenameFile():
                return "rename" in operations

    def _open_paths(
        self, files: tuple[ModifyFile | CreateFile | DeleteFile | RenameFile, ...]
    ) -> frozenset[Path]:
        modified = (f.path for f in files if isinstance(f, ModifyFile))
        return frozenset(path for path in modified if self._find_open(path) is not None)

    def _document_changes(
        self,
        change: ModifyFile | CreateFile | DeleteFile | RenameFile,
        read: Callable[[Path], Document],
    ) -> list[DocumentChange]:
        uri = self._uri(change.path)
        match change:
            case ModifyFile():
                document = read(change.path)
                encoding = self._server.connection.encoding
                edits = to_text_edits(document, change.edits, encoding)
                return [_text_document_edit(uri, document.version, edits)]
            case CreateFile():
                start = lsp.Position(line=0, character=0)
                text = lsp.TextEdit(range=lsp.Range(start=start, end=start), new_text=change.text)
                return [lsp.CreateFile(uri=uri), _text_document_edit(uri, None, [text])]
            case DeleteFile():
                return [lsp.DeleteFile(uri=uri)]
            case RenameFile():
                return [lsp.RenameFile(old_uri=uri, new_uri=uri_of(change.new_path))]

    def _uri(self, path: Path) -> str:
        document = self._find_open(path)
        return document.uri if document is not None else uri_of(path)

    async def _send(self, label: str, edits: list[DocumentChange]) -> None:
        revision = self._workspace.revision
        params = lsp.ApplyWorkspaceEditParams(
            label=label, edit=lsp.WorkspaceEdit(document_changes=edits)
        )
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                result = await self._server.workspace_apply_edit_async(params)
        except TimeoutError as error:
            raise Denied("the editor did not answer whether it applied the edit") from error
        except JsonRpcException as error:
            raise Denied(f"the editor could not apply the edit: {error}") from error
        if not result.applied:
            await self._refused(revision, result.failure_reason)

    async def _refused(self, revision: int, reason: str | None) -> None:
        """Find out why an edit was refused: editors do it when a newer text is on its way.

        Raises: StaleEdit if a newer text came, else Denied.
        """
        if self._workspace.revision == revision:
            waiter = _Revision(self._workspace)
            try:
                async with asyncio.timeout(SYNC_TIMEOUT_S):
                    await waiter.changed.wait()
            except TimeoutError as error:
                raise Denied(
                    f"the editor refused the edit ({reason or 'it gave no reason'}); "
                    "nothing was changed"
                ) from error
            finally:
                waiter.stop()
        raise StaleEdit("the text was changed while the edit was on its way")


class _Revision:
    """Tells when the workspace takes in something new."""

    def __init__(self, workspace: Workspace) -> None:
        self.changed = asyncio.Event()
        self.stop = workspace.subscribe(lambda modification, revision: self.changed.set())


class _Arrival:
    """Waits until each open document has been seen with its expected text."""

    def __init__(
        self, workspace: Workspace, expected: dict[Path, str | None], paths: frozenset[Path]
    ) -> None:
        self._workspace = workspace
        self._missing = {path: expected[path] for path in paths}
        self._done = asyncio.Event()
        self.stop = workspace.subscribe(self._take)
        for path in paths:
            self._check(path)

    async def wait(self) -> None:
        if not self._missing:
            return
        try:
            async with asyncio.timeout(SYNC_TIMEOUT_S):
                await self._done.wait()
        except TimeoutError as error:
            names = ", ".join(sorted(path.name for path in self._missing))
            raise Conflict(
                f"the editor took the edit, but {names} was changed at the same moment; "
                "look at the text, the editor's own undo takes the edit back"
            ) from error

    def _take(self, modification: Modification, revision: int) -> None:
        if isinstance(modification, SetBuffer):
            self._check(modification.path)

    def _check(self, path: Path) -> None:
        document = self._workspace.buffer(path)
        if path in self._missing and document and document.text == self._missing[path]:
            del self._missing[path]
        if not self._missing:
            self._done.set()


def _text_document_edit(
    uri: str, version: int | None, edits: list[lsp.TextEdit]
) -> lsp.TextDocumentEdit:
    identifier = lsp.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    return lsp.TextDocumentEdit(text_document=identifier, edits=list(edits))
