"""An editor for tests: a real language client with buffers that behaves as editors do.

It runs against a server in the same process, over a socket pair with the real protocol, and
applies edits with the rules of the protocol: an edit for an old version is refused, what was
applied is reported by `didChange`.
"""

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Union, cast

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from lsp_agent.lsp_app import make_desk
from lsp_agent.server.convert import to_offset, to_position, uri_of
from lsp_agent.server.main import create_server
from lsp_agent.server.server import AgentServer, DeskMaker
from mcp_tools.types.text import LineIndex

WAIT_S = 10.0


@dataclass(slots=True)
class Buffer:
    """One open document as the editor shows it, with the texts that it had before."""

    text: str
    version: int
    history: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorKind:
    """What an editor can do; the default can do everything."""

    encoding: lsp.PositionEncodingKind = lsp.PositionEncodingKind.Utf16
    can_apply_edits: bool = True
    shows_progress: bool = True
    answers_questions: bool = True
    pulls_diagnostics: bool = True
    can_create_files: bool = True
    shows_documents: bool = False
    reads_virtual_documents: bool = False
    """It asks for the text of documents that are no files, and lets actions be registered."""
    refreshes_lenses: bool = False
    confirms_changes: bool = False
    is_plain: bool = False
    """It shows outlines as lists, takes plain locations, and reads no Markdown."""
    can_rename_files: bool = False
    declares_edits: bool = True
    shows_questions: bool = False
    """It shows the agent's questions itself."""
    commands: tuple[str, ...] = ()
    """Commands of its own that it says a server may name."""

    @property
    def capabilities(self) -> lsp.ClientCapabilities:
        """Give it in the terms of `initialize`."""
        operations = [lsp.ResourceOperationKind.Create] if self.can_create_files else []
        if self.can_rename_files:
            operations.append(lsp.ResourceOperationKind.Rename)
        annotations = lsp.ChangeAnnotationsSupportOptions(groups_on_label=True)
        edits = lsp.WorkspaceEditClientCapabilities(
            document_changes=self.declares_edits,
            resource_operations=operations,
            change_annotation_support=annotations if self.confirms_changes else None,
        )
        pull = lsp.DiagnosticClientCapabilities() if self.pulls_diagnostics else None
        virtual = lsp.TextDocumentContentClientCapabilities(dynamic_registration=True)
        lenses = lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True)
        return lsp.ClientCapabilities(
            general=lsp.GeneralClientCapabilities(position_encodings=[self.encoding]),
            workspace=lsp.WorkspaceClientCapabilities(
                apply_edit=self.can_apply_edits,
                workspace_edit=edits,
                code_lens=lenses if self.refreshes_lenses else None,
                text_document_content=virtual if self.reads_virtual_documents else None,
            ),
            window=lsp.WindowClientCapabilities(
                work_done_progress=self.shows_progress,
                show_document=lsp.ShowDocumentClientCapabilities(support=self.shows_documents),
            ),
            text_document=lsp.TextDocumentClientCapabilities(
                diagnostic=pull,
                code_action=lsp.CodeActionClientCapabilities(
                    dynamic_registration=self.reads_virtual_documents
                ),
                document_symbol=lsp.DocumentSymbolClientCapabilities(
                    hierarchical_document_symbol_support=not self.is_plain
                ),
                definition=lsp.DefinitionClientCapabilities(link_support=not self.is_plain),
                hover=lsp.HoverClientCapabilities(
                    content_format=None if self.is_plain else [lsp.MarkupKind.Markdown]
                ),
                rename=lsp.RenameClientCapabilities(prepare_support=True),
            ),
            experimental={
                "commands": {"commands": list(self.commands)},
                "lspAgent": {"showsQuestions": self.shows_questions},
            },
        )


class Editor:
    """A connected editor."""

    def __init__(self, client: LanguageClient, kind: EditorKind) -> None:
        """Take a client that is not initialized yet, and answer what servers ask."""
        self.client = client
        self.kind = kind
        self.buffers: dict[str, Buffer] = {}
        self.messages: list[lsp.ShowMessageParams] = []
        self.logged: list[lsp.LogMessageParams] = []
        self.questions: list[lsp.ShowMessageRequestParams] = []
        self.approvals: list[tuple[str, Any]] = []
        """What came for a client that shows questions itself: the kind, and the params."""
        self.answer: str | None = None
        """Title of the button to press when asked; None closes the question."""
        self.progress: list[tuple[int | str, Any]] = []
        self.shown: list[lsp.ShowDocumentParams] = []
        self.published: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.applied: list[lsp.ApplyWorkspaceEditParams] = []
        self.virtual: dict[str, str] = {}
        """The texts of documents that are no files, as they are shown."""
        self.registrations: list[lsp.Registration] = []
        self.n_lens_refreshes = 0
        self.ticks: Callable[[lsp.ChangeAnnotation], bool] = lambda annotation: True
        """Which parts of an edit the person confirms; all, as in an editor that asks nothing."""
        self.person_decides = asyncio.Event()
        """Until it is set, neither a question nor an edit that asks the person is answered."""
        self.person_decides.set()
        self.before_apply: Callable[[], None] = lambda: None
        """Runs when an edit arrives, before it is looked at: a person who types meanwhile."""
        self.reports_changes = True
        """False: edits are made, but the server does not hear of them, as when leaving."""
        self.after_apply: Callable[[], None] = lambda: None
        """Runs when an edit was made, before the server hears of it."""
        self._changed = asyncio.Event()
        self._register()

    def open(self, path: Path, text: str | None = None, language_id: str = "python") -> str:
        """Open a file, or show `text` in its place, and give its URI."""
        uri = uri_of(path)
        shown = path.read_bytes().decode("utf-8-sig") if text is None else text
        self.buffers[uri] = Buffer(text=shown, version=1)
        item = lsp.TextDocumentItem(uri=uri, language_id=language_id, version=1, text=shown)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        return uri

    def type(self, uri: str, old: str, new: str) -> None:
        """Replace the only `old` of a buffer, as a person does, by an incremental change."""
        buffer = self.buffers[uri]
        start = buffer.text.index(old)
        assert buffer.text.count(old) == 1, old
        self._change(uri, start, start + len(old), new)

    def close(self, uri: str) -> None:
        """Close a document."""
        del self.buffers[uri]
        identifier = lsp.TextDocumentIdentifier(uri=uri)
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(identifier))

    async def diagnostics(self, uri: str) -> list[lsp.Diagnostic]:
        """Pull the diagnostics of a document."""
        identifier = lsp.TextDocumentIdentifier(uri=uri)
        report = await _soon(
            self.client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(identifier))
        )
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    async def actions(
        self,
        uri: str,
        at: lsp.Range,
        diagnostics: list[lsp.Diagnostic],
        only: list[str] | None = None,
    ) -> list[lsp.CodeAction]:
        """Ask for code actions."""
        context = lsp.CodeActionContext(diagnostics=diagnostics, only=only)
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri=uri), at, context)
        answer: lsp.CodeActionResult = await _soon(
            self.client.text_document_code_action_async(params)
        )
        found = answer or ()
        return [action for action in found if isinstance(action, lsp.CodeAction)]

    async def lenses(self, uri: str) -> list[lsp.CodeLens]:
        """Ask for the code lenses that are complete; those that count callers are not."""
        return [lens for lens in await self.all_lenses(uri) if lens.command is not None]

    async def all_lenses(self, uri: str) -> list[lsp.CodeLens]:
        """Ask for code lenses."""
        params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri=uri))
        return list(await _soon(self.client.text_document_code_lens_async(params)) or ())

    async def choose(
        self, uri: str, line: int, title: str, only: list[str] | None = None
    ) -> lsp.CodeAction:
        """Put the cursor on a line and choose the only action whose title begins so."""
        at = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 0))
        actions = await self.actions(uri, at, [], only)
        (action,) = [action for action in actions if action.title.startswith(title)]
        await self.run(action)
        return action

    async def execute(self, command: str, *arguments: object) -> Any:
        """Run a command and give its answer."""
        params = lsp.ExecuteCommandParams(command, list(arguments))
        return await _soon(self.client.workspace_execute_command_async(params))

    async def run(self, action: lsp.CodeAction) -> None:
        """Do what an editor does when an action is chosen, and wait until the work has ended."""
        assert action.command is not None
        n_ended = self.n_ended
        await self.execute(action.command.command, *(action.command.arguments or ()))
        await self.until(lambda: self.n_ended > n_ended)

    @property
    def n_ended(self) -> int:
        """How many tasks have ended so far: displays closed, or messages where there are none."""
        if not self.kind.shows_progress:
            return len(self.messages)
        return sum(_is_end(value) for _, value in self.progress)

    async def fix_first(self, uri: str) -> None:
        """Put the cursor on the first problem and choose *Fix with agent*."""
        diagnostic = (await self.diagnostics(uri))[0]
        actions = await self.actions(uri, diagnostic.range, [diagnostic])
        await self.run(next(a for a in actions if a.title.startswith("Fix with agent")))

    async def work_ends(self) -> None:
        """Wait until a task has ended: its progress display closed, or its last message came."""
        await self.until(lambda: self.n_ended > 0)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds; looks again at each message from the server."""
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    @property
    def warnings(self) -> list[str]:
        """Give the texts of all warnings and errors that were shown."""
        loud = (lsp.MessageType.Warning, lsp.MessageType.Error)
        return [message.message for message in self.messages if message.type in loud]

    def _change(self, uri: str, start: int, end: int, new: str) -> None:
        buffer = self.buffers[uri]
        lines = LineIndex(buffer.text)
        encoding = self.kind.encoding
        range_ = lsp.Range(to_position(lines, start, encoding), to_position(lines, end, encoding))
        self._set(uri, buffer.text[:start] + new + buffer.text[end:])
        change = lsp.TextDocumentContentChangePartial(range=range_, text=new)
        self._notify_change(uri, change)

    def _set(self, uri: str, text: str) -> None:
        buffer = self.buffers[uri]
        buffer.history.append(buffer.text)
        buffer.text = text
        buffer.version += 1

    def _notify_change(
        self,
        uri: str,
        change: lsp.TextDocumentContentChangePartial | lsp.TextDocumentContentChangeWholeDocument,
    ) -> None:
        identifier = lsp.VersionedTextDocumentIdentifier(uri=uri, version=self.buffers[uri].version)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, [change]))

    def _register(self) -> None:
        def feature(method: str) -> Callable[[Callable[[Any], Any]], None]:
            # pygls marks its handlers, which bound methods do not allow.
            def register(handler: Callable[[Any], Any]) -> None:
                def handle(params: Any) -> Any:
                    return handler(params)

                self.client.feature(method)(handle)

            return register

        feature(lsp.WINDOW_SHOW_MESSAGE)(self._note(self.messages.append))
        feature(lsp.WINDOW_LOG_MESSAGE)(self._note(self.logged.append))
        feature(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)(self._note(lambda params: None))
        feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(self._note(self._count_refresh))
        feature(lsp.CLIENT_REGISTER_CAPABILITY)(
            self._note(lambda params: self.registrations.extend(params.registrations))
        )

        async def apply(params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
            if params.edit.change_annotations:
                await self.person_decides.wait()
            return self._apply(params)

        async def show(params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
            return await self._show(params)

        async def refresh(params: lsp.TextDocumentContentRefreshParams) -> None:
            await self._read_virtual(params.uri)

        async def question(params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem | None:
            return await self._question(params)

        for method in ("$/lspAgent/approvalRequested", "$/lspAgent/approvalResolved"):
            feature(method)(self._note(partial(self._note_approval, method)))
        self.client.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)(question)
        self.client.feature(lsp.WORKSPACE_APPLY_EDIT)(apply)
        self.client.feature(lsp.WINDOW_SHOW_DOCUMENT)(show)
        self.client.feature(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH)(refresh)
        feature(lsp.PROGRESS)(
            self._note(lambda params: self.progress.append((params.token, params.value)))
        )
        feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(
            self._note(lambda params: self.published.update({params.uri: params}))
        )

    def _note(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        def handle(params: Any) -> None:
            take(params)
            self._changed.set()

        return handle

    def _note_approval(self, method: str, params: object) -> None:
        self.approvals.append((method.rpartition("/")[2], params))

    async def _question(self, params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem | None:
        self.questions.append(params)
        self._changed.set()
        await self.person_decides.wait()
        if not self.kind.answers_questions:
            raise JsonRpcException(code=-32601, message="Method not found")
        return next((a for a in params.actions or () if a.title == self.answer), None)

    async def _show(self, params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
        if not params.uri.startswith("file:"):
            await self._read_virtual(params.uri)
        self.shown.append(params)
        self._changed.set()
        return lsp.ShowDocumentResult(success=True)

    async def _read_virtual(self, uri: str) -> None:
        params = lsp.TextDocumentContentParams(uri=uri)
        content = await _soon(self.client.workspace_text_document_content_async(params))
        self.virtual[uri] = content.text
        self._changed.set()

    def _count_refresh(self, _params: None) -> None:
        self.n_lens_refreshes += 1

    def _apply(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        self.before_apply()
        changes = list(params.edit.document_changes or ())
        for change in changes:
            if isinstance(change, lsp.TextDocumentEdit) and self._is_old(change):
                return lsp.ApplyWorkspaceEditResult(applied=False, failure_reason="newer text")
        before = {uri: buffer.version for uri, buffer in self.buffers.items()}
        for change in changes:
            if isinstance(change, lsp.TextDocumentEdit):
                self._apply_to(change, params.edit.change_annotations or {})
        self.applied.append(params)
        self.after_apply()
        for uri in {c.text_document.uri for c in changes if isinstance(c, lsp.TextDocumentEdit)}:
            is_changed = uri in self.buffers and self.buffers[uri].version > before.get(uri, 0)
            if is_changed and self.reports_changes:
                whole = lsp.TextDocumentContentChangeWholeDocument(text=self.buffers[uri].text)
                self._notify_change(uri, whole)
        self._changed.set()
        return lsp.ApplyWorkspaceEditResult(applied=True)

    def _is_old(self, change: lsp.TextDocumentEdit) -> bool:
        buffer = self.buffers.get(change.text_document.uri)
        version = change.text_document.version
        return buffer is not None and version is not None and version != buffer.version

    def _apply_to(
        self,
        change: lsp.TextDocumentEdit,
        annotations: Mapping[str, lsp.ChangeAnnotation],
    ) -> None:
        uri = change.text_document.uri
        if uri not in self.buffers:
            self.buffers[uri] = Buffer(text="", version=0)
        text = self.buffers[uri].text
        lines = LineIndex(text)
        edits = sorted(
            (
                (
                    to_offset(lines, edit.range.start, self.kind.encoding),
                    to_offset(lines, edit.range.end, self.kind.encoding),
                    edit.new_text,
                )
                for edit in change.edits
                if isinstance(edit, lsp.TextEdit)
                or (
                    isinstance(edit, lsp.AnnotatedTextEdit)
                    and self.ticks(annotations[edit.annotation_id])
                )
            ),
            reverse=True,
        )
        if not edits:
            return
        for start, end, new in edits:
            text = text[:start] + new + text[end:]
        self._set(uri, text)


@asynccontextmanager
async def open_editor(
    root: Path,
    kind: EditorKind | None = None,
    options: Mapping[str, object] | None = None,
    make: DeskMaker = make_desk,
) -> AsyncGenerator[Editor, None]:
    """Start a server and an editor that has `root` open; the offline engine by default."""
    kind = kind or EditorKind()
    server = create_server("test", make)
    client = LanguageClient("test-editor", "1", converter_factory=_converter)
    editor = Editor(client, kind)
    near, far = socket.socketpair()
    server_streams = await asyncio.open_connection(sock=near)
    client_streams = await asyncio.open_connection(sock=far)
    server.protocol.set_writer(server_streams[1])
    client.protocol.set_writer(client_streams[1])
    async with asyncio.TaskGroup() as group:
        serving = [
            group.create_task(_pump(server, server_streams[0])),
            group.create_task(_pump(client, client_streams[0])),
        ]
        try:
            params = lsp.InitializeParams(
                capabilities=kind.capabilities,
                workspace_folders=[lsp.WorkspaceFolder(uri=uri_of(root), name=root.name)],
                initialization_options={"model": "offline", **(options or {})},
            )
            await _soon(client.initialize_async(params))
            client.initialized(lsp.InitializedParams())
            yield editor
            await _soon(client.shutdown_async(None))
        finally:
            for task in serving:
                task.cancel()
            for writer in (server_streams[1], client_streams[1]):
                writer.close()


def _converter() -> Converter:
    """Make a converter that tells commands from code actions, which lsprotocol's does not."""
    converter = default_converter()

    def structure(value: Any, _: object) -> lsp.Command | lsp.CodeAction:
        is_command = isinstance(value.get("command"), str)
        return converter.structure(value, lsp.Command if is_command else lsp.CodeAction)

    converter.register_structure_hook(Union[lsp.Command, lsp.CodeAction], structure)  # noqa: UP007  # X | Y is another key
    return converter


async def _pump(end: LanguageClient | AgentServer, reader: asyncio.StreamReader) -> None:
    await run_async(
        stop_event=threading.Event(),
        reader=reader,
        protocol=end.protocol,
        error_handler=end.report_server_error,
    )


async def _soon(answer: Awaitable[Any]) -> Any:
    async with asyncio.timeout(WAIT_S):
        return await answer


def _is_end(value: object) -> bool:
    as_object = cast("dict[str, object]", value) if isinstance(value, dict) else vars(value)
    return as_object.get("kind") == "end"
