"""An editor with habits, a server and an EditorSink between them, for tests of the sink.

The editor is a real language client on the real protocol, with buffers; its habits are those
that were seen in real editors, and some that are worse. The disk is the real one.
"""

import asyncio
import os
import socket
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lsprotocol import types as lsp
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient

from lsp_agent.server.convert import path_of, to_offset, uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.editing.apply import EditorSink
from lsp_agent.server.editing.arrival import Patience
from lsp_agent.server.main import create_server
from lsp_agent.server.server import AgentServer, Desk
from mcp_tools.types.contents import State
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.text import LineIndex
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import CloseBuffer, DiskChanged, SetBuffer, Workspace

LIMIT_S = 5.0
PATIENT = Patience(answer_s=4.0, newer_text_s=4.0, sync_s=4.0, grace_s=4.0)
"""For what comes; a test of what never comes shortens that one wait."""
UTF16 = lsp.PositionEncodingKind.Utf16


@dataclass(slots=True)
class Habits:
    """What an editor does differently from what it should; the default is as it should be."""

    can_apply_edits: bool = True
    is_versioned: bool = True
    """It declares that it takes versioned edits."""
    operations: tuple[lsp.ResourceOperationKind, ...] = tuple(lsp.ResourceOperationKind)
    drops_old_edits: bool = False
    """An edit for an old version is dropped, and answered with "applied"."""
    keeps_removed_open: bool = False
    refuses: frozenset[str] = frozenset()
    """Names of files of which edits are refused; what came before in the request stays made."""
    is_silent: frozenset[str] = frozenset()
    """Names of files of which changes are not reported."""


class HabitualEditor:
    """Buffers, and an answer to `workspace/applyEdit`."""

    def __init__(self, client: LanguageClient, habits: Habits) -> None:
        """Take a client that is not initialized yet."""
        self.client = client
        self.habits = habits
        self.texts: dict[str, str] = {}
        """By URI."""
        self._versions: dict[str, int] = {}
        self.messages: list[lsp.ShowMessageParams] = []
        self.requests: list[lsp.ApplyWorkspaceEditParams] = []
        self.on_request: list[Callable[[], object]] = []
        """One is taken for each request, and runs before it is looked at."""
        self.may_answer = asyncio.Event()
        self.may_answer.set()

        async def handle(params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
            return await self._apply(params)

        def note(params: lsp.ShowMessageParams) -> None:
            self.messages.append(params)

        client.feature(lsp.WORKSPACE_APPLY_EDIT)(handle)
        client.feature(lsp.WINDOW_SHOW_MESSAGE)(note)

    @property
    def capabilities(self) -> lsp.ClientCapabilities:
        """Give what it declares."""
        edits = lsp.WorkspaceEditClientCapabilities(
            document_changes=self.habits.is_versioned,
            resource_operations=list(self.habits.operations),
        )
        return lsp.ClientCapabilities(
            general=lsp.GeneralClientCapabilities(position_encodings=[UTF16]),
            workspace=lsp.WorkspaceClientCapabilities(
                apply_edit=self.habits.can_apply_edits, workspace_edit=edits
            ),
        )

    def open(self, path: Path, text: str | None = None) -> None:
        """Open a file, or show `text` in its place."""
        uri = uri_of(path)
        shown = path.read_text(encoding="utf-8") if text is None else text
        self.texts[uri], self._versions[uri] = shown, 0
        item = lsp.TextDocumentItem(uri=uri, language_id="python", version=0, text=shown)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))

    def close(self, path: Path) -> None:
        """Close a document without saving it."""
        uri = uri_of(path)
        del self.texts[uri]
        identifier = lsp.TextDocumentIdentifier(uri=uri)
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(identifier))

    def type(self, path: Path, text: str) -> None:
        """Put a line at the end of a document, as a person does."""
        self._set(uri_of(path), self.texts[uri_of(path)] + text)

    def text(self, path: Path) -> str:
        """Give what a document shows."""
        return self.texts[uri_of(path)]

    def _set(self, uri: str, text: str) -> None:
        self.texts[uri] = text
        self._versions[uri] += 2  # In Neovim, too, the first change is not number 1.
        if _name(uri) in self.habits.is_silent:
            return
        identifier = lsp.VersionedTextDocumentIdentifier(uri=uri, version=self._versions[uri])
        change = lsp.TextDocumentContentChangeWholeDocument(text=text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, [change]))

    async def _apply(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        self.requests.append(params)
        if self.on_request:
            self.on_request.pop(0)()
        await self.may_answer.wait()
        changes = list(params.edit.document_changes or ())
        old = [c for c in changes if isinstance(c, lsp.TextDocumentEdit) and self._is_old(c)]
        if old and not self.habits.drops_old_edits:
            return lsp.ApplyWorkspaceEditResult(applied=False, failure_reason="newer text")
        for change in changes:
            if _name(_uri(change)) in self.habits.refuses:
                return lsp.ApplyWorkspaceEditResult(applied=False, failure_reason="no")
            if change not in old:
                self._make(change)
        return lsp.ApplyWorkspaceEditResult(applied=True)

    def _is_old(self, change: lsp.TextDocumentEdit) -> bool:
        version = change.text_document.version
        return version is not None and version < self._versions[change.text_document.uri]

    def _make(
        self, change: lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile
    ) -> None:
        match change:
            case lsp.TextDocumentEdit():
                self._edit(change)
            case lsp.DeleteFile():
                path = _path(change.uri)
                path.unlink()
                if not self.habits.keeps_removed_open:
                    self.close(path)
            case lsp.RenameFile():
                old, new = _path(change.old_uri), _path(change.new_uri)
                text = self.text(old)
                os.rename(old, new)
                self.close(old)
                self.open(new, text)
            case lsp.CreateFile():
                raise AssertionError("new files are not made in the editor")

    def _edit(self, change: lsp.TextDocumentEdit) -> None:
        text = self.texts[change.text_document.uri]
        lines = LineIndex(text)
        edits = [edit for edit in change.edits if isinstance(edit, lsp.TextEdit)]
        for edit in sorted(edits, key=lambda e: to_offset(lines, e.range.start, UTF16))[::-1]:
            start, end = (to_offset(lines, p, UTF16) for p in (edit.range.start, edit.range.end))
            text = text[:start] + edit.new_text + text[end:]
        self._set(change.text_document.uri, text)


class _Disk:
    """The real disk, with somebody who does something right before a write."""

    def __init__(self, root: Path) -> None:
        self._sink = DiskSink(DiskSource(root))
        self.on_write: list[Callable[[], object]] = []

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        if self.on_write:
            self.on_write.pop(0)()
        await self._sink.apply(changes, entry_id)


class _Watcher:
    """The part of a desk that a sink needs: one workspace that follows the editor."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.open: dict[Path, OpenDocument] = {}
        self.changed = asyncio.Event()

    def document_changed(self, document: OpenDocument) -> None:
        assert document.path is not None
        self.open[document.path] = document
        shown = SetBuffer(path=document.path, text=document.text, version=document.version)
        self.workspace.apply(shown)
        self.changed.set()

    def document_closed(self, document: OpenDocument) -> None:
        assert document.path is not None
        del self.open[document.path]
        self.workspace.apply(CloseBuffer(document.path))
        self.changed.set()

    def files_changed(self, uris: Sequence[str]) -> None:
        self.workspace.apply(DiskChanged(tuple(_path(uri) for uri in uris)))

    def cancel_by_request(self, request_id: int | str) -> None:
        pass

    async def close(self) -> None:
        pass


@dataclass(frozen=True, kw_only=True)
class Setup:
    """A root with an editor, and the sink that is tested."""

    root: Path
    editor: HabitualEditor
    workspace: Workspace
    sink: EditorSink
    disk: _Disk
    watcher: _Watcher

    def write(self, name: str, text: str) -> Path:
        """Put a file on disk."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    async def open(self, name: str, saved: str, typed: str | None = None) -> Path:
        """Put a file on disk and open it, with unsaved text where `typed` is given."""
        path = self.write(name, saved)
        self.editor.open(path, typed)
        await self.until(lambda: self.workspace.buffer(path) is not None)
        return path

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds; looks again at each message of the editor."""
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                self.watcher.changed.clear()
                await self.watcher.changed.wait()

    def change(self, wanted: Mapping[str, State | str | None]) -> ChangeSet:
        """Give the change that leaves these states at paths; a plain string is a text."""
        after = {
            self.root / name: State(content=state) if isinstance(state, str) else state
            for name, state in wanted.items()
        }
        snapshot = self.workspace.snapshot()
        return change_between("Test", {path: snapshot.below_state(path) for path in after}, after)

    async def apply(self, changes: ChangeSet) -> None:
        """Let the sink make a change, in at most five seconds."""
        async with asyncio.timeout(LIMIT_S):
            await self.sink.apply(changes, "0123456789ab")

    def on_disk(self) -> dict[str, str | None]:
        """Give the text of all files below the root, and None for folders."""
        return {
            path.relative_to(self.root).as_posix(): (
                None if path.is_dir() else path.read_text(encoding="utf-8")
            )
            for path in sorted(self.root.rglob("*"))
        }


@asynccontextmanager
async def sinking(
    root: Path, habits: Habits | None = None, patience: Patience = PATIENT
) -> AsyncGenerator[Setup]:
    """Connect an editor with a server, over a socket pair, and give the sink between them."""
    workspace = Workspace(DiskSource(root))
    watcher = _Watcher(workspace)
    server = create_server("test", lambda _: cast(Desk, watcher))
    client = LanguageClient("test-editor", "1")
    editor = HabitualEditor(client, habits or Habits())
    async with _connected(server, client):
        params = lsp.InitializeParams(capabilities=editor.capabilities)
        async with asyncio.timeout(LIMIT_S):
            await client.initialize_async(params)
        client.initialized(lsp.InitializedParams())
        disk = _Disk(root)
        sink = EditorSink(server, workspace, watcher.open.get, disk, patience=patience)
        yield Setup(
            root=workspace.root,
            editor=editor,
            workspace=workspace,
            sink=sink,
            disk=disk,
            watcher=watcher,
        )
        async with asyncio.timeout(LIMIT_S):
            await client.shutdown_async(None)


@asynccontextmanager
async def _connected(server: AgentServer, client: LanguageClient) -> AsyncGenerator[None]:
    near, far = socket.socketpair()
    server_reader, server_writer = await asyncio.open_connection(sock=near)
    client_reader, client_writer = await asyncio.open_connection(sock=far)
    server.protocol.set_writer(server_writer)
    client.protocol.set_writer(client_writer)
    pumps = [
        asyncio.create_task(_pump(server, server_reader)),
        asyncio.create_task(_pump(client, client_reader)),
    ]
    try:
        yield
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        for writer in (server_writer, client_writer):
            writer.close()


async def _pump(end: LanguageClient | AgentServer, reader: asyncio.StreamReader) -> None:
    await run_async(
        stop_event=threading.Event(),
        reader=reader,
        protocol=end.protocol,
        error_handler=end.report_server_error,
    )


def names_of(requests: Iterable[lsp.ApplyWorkspaceEditParams]) -> list[list[str]]:
    """Give the names of the files of each request."""
    return [[_name(_uri(c)) for c in r.edit.document_changes or ()] for r in requests]


def _uri(
    change: lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile,
) -> str:
    if isinstance(change, lsp.TextDocumentEdit):
        return change.text_document.uri
    return change.old_uri if isinstance(change, lsp.RenameFile) else change.uri


def _path(uri: str) -> Path:
    path = path_of(uri)
    assert path is not None
    return path


def _name(uri: str) -> str:
    return _path(uri).name
