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

from lsp_agent.server.arrival import Arrival
from lsp_agent.server.convert import to_text_edits, uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.server import AgentServer
from mcp_tools.ports import Sink
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
)
from mcp_tools.types.errors import Denied, StaleEdit
from mcp_tools.workspace.changes import Read, texts_after
from mcp_tools.workspace.workspace import Workspace

ANSWER_TIMEOUT_S = 60.0
"""How long an editor may take to apply an edit; it may ask the person first."""
NEWER_TEXT_TIMEOUT_S = 3.0
"""How long the newer text may take to arrive for which an editor refused an edit."""

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
        self._waiting: asyncio.Task[object] | None = None
        self._has_left = False

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
            read = self._workspace.snapshot().read
            expected = texts_after(changes, read)
            for_editor = tuple(f for f in changes.files if self._is_for_editor(f))
            for_disk = tuple(f for f in changes.files if f not in for_editor)
            for part in self._parts(for_editor):
                arrival = Arrival(self._workspace, read, expected, self._open_paths(part))
                edits = [edit for file in part for edit in self._document_changes(file, read)]
                await self._send_and_wait(changes.label, edits, arrival)
            if for_disk:
                await self._disk.apply(ChangeSet(label=changes.label, files=for_disk))

    def leave(self) -> None:
        """Stop to wait for the editor, which is about to go; from now on nothing is sent."""
        self._has_left = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def _send_and_wait(
        self, label: str, edits: list[DocumentChange], arrival: Arrival
    ) -> None:
        if self._has_left:
            raise Denied("the editor is closing, so nothing was changed")
        self._waiting = asyncio.current_task()
        try:
            await self._send(label, edits)
            await arrival.wait()
        finally:
            self._waiting = None
            arrival.stop()

    def _parts(self, files: tuple[FileChange, ...]) -> list[tuple[FileChange, ...]]:
        """Give the files that go into one request each.

        An editor that does not declare versioned edits may still take them, but check only the
        first version of a request (Neovim 0.12 does so); then each file is a request.
        """
        if self._server.connection.abilities.declares_versioned_edits:
            return [files] if files else []
        return [(file,) for file in files]

    def _is_for_editor(self, change: FileChange) -> bool:
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

    def _open_paths(self, files: tuple[FileChange, ...]) -> frozenset[Path]:
        modified = (f.path for f in files if isinstance(f, ModifyFile))
        return frozenset(path for path in modified if self._find_open(path) is not None)

    def _document_changes(
        self,
        change: FileChange,
        read: Read,
    ) -> list[DocumentChange]:
        uri = self._uri(change.path)
        match change:
            case ModifyFile():
                document = read(change.path)
                encoding = self._server.connection.encoding
                edits = to_text_edits(document, change.edits, encoding)
                return [_text_document_edit(uri, self._wire_version(document), edits)]
            case CreateFile():
                start = lsp.Position(line=0, character=0)
                text = lsp.TextEdit(range=lsp.Range(start=start, end=start), new_text=change.text)
                return [lsp.CreateFile(uri=uri), _text_document_edit(uri, None, [text])]
            case DeleteFile():
                return [lsp.DeleteFile(uri=uri)]
            case RenameFile():
                return [lsp.RenameFile(old_uri=uri, new_uri=uri_of(change.new_path))]

    def _wire_version(self, document: Document) -> int | None:
        """Give the version that an edit names.

        An editor that does not declare versioned edits may take 0 for "any version" and apply
        an old edit to newer text (Neovim 0.12 does so); 1 is before any change there, too.
        """
        declares = self._server.connection.abilities.declares_versioned_edits
        return 1 if document.version == 0 and not declares else document.version

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
                async with asyncio.timeout(NEWER_TEXT_TIMEOUT_S):
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


def _text_document_edit(
    uri: str, version: int | None, edits: list[lsp.TextEdit]
) -> lsp.TextDocumentEdit:
    identifier = lsp.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    return lsp.TextDocumentEdit(text_document=identifier, edits=list(edits))
