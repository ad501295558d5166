"""The agent's side of the server: implements Desk over folders, sessions and checkers."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from lsprotocol import types as lsp

from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Approve, Ask, Explain, Fix, Redo, Undo, Work
from lsp_agent.server.answers import show_answer
from lsp_agent.server.code.desk import AgentCodeDesk
from lsp_agent.server.code.switches import Feature
from lsp_agent.server.convert import from_wire_diagnostic, path_of, to_wire_diagnostic
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.folders import Folders, MakeEngine
from lsp_agent.server.questions import FRONT_END
from lsp_agent.server.review.desk import AgentReviewDesk
from lsp_agent.server.review.port import Wish
from lsp_agent.server.server import AgentServer
from lsp_agent.server.tasks import ReviewPolicy, Tasks
from lsp_agent.server.trusting import Trusting
from lsp_agent.server.wishes import find_redo, find_undo
from lsp_agent.trust.store import TrustStore
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.workspace import DiskChanged

PUBLISH_DELAY_S = 0.3
"""How long a client that does not pull must be quiet before its document is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOptions:
    """The settings that concern an editor."""

    diagnoses: bool
    """We report problems ourselves."""
    review: ReviewPolicy
    make_trust: Callable[[], TrustStore]
    """Gives which folders the user vouches for, once a folder is open."""
    disabled: Collection[Feature] = ()
    """What is switched off of the features about code."""


class AgentDesk:
    """Does what the features ask for; implements Desk."""

    def __init__(self, server: AgentServer, make_engine: MakeEngine, options: DeskOptions) -> None:
        """Work for a connected server, with the folders that its editor has open."""
        self._server = server
        self._folders = Folders(server, make_engine)
        self._tasks = Tasks(server, options.review)
        self._review = AgentReviewDesk(server, self._folders, self._tasks)
        self._trusting = Trusting(server, self._folders, options.make_trust)
        self._code = AgentCodeDesk(server, self._folders, options.disabled)
        self._diagnoses = options.diagnoses
        self._known: dict[str, tuple[OpenDocument, Sequence[lsp.Diagnostic]]] = {}
        self._checking: dict[str, asyncio.Lock] = {}
        self._checks: dict[str, asyncio.Task[None]] = {}

    @property
    def review(self) -> AgentReviewDesk:
        """What concerns proposals that wait for review."""
        return self._review

    @property
    def code(self) -> AgentCodeDesk:
        """What answers questions about code."""
        return self._code

    def document_changed(self, document: OpenDocument) -> None:
        """Show the text to the workspace, and check it for clients that do not ask."""
        if self._review.is_page(document.uri):
            self._review.page_changed(document.uri)
            return
        self._folders.set_document(document)
        if self._diagnoses and not self._server.connection.abilities.pulls_diagnostics:
            self._stop_check(document.uri)
            self._checks[document.uri] = asyncio.create_task(self._publish(document))

    def document_closed(self, document: OpenDocument) -> None:
        """Let the disk count again."""
        if self._review.is_page(document.uri):
            self._review.page_closed(document.uri)
            return
        self._folders.close_document(document)
        self._known.pop(document.uri, None)
        self._checking.pop(document.uri, None)
        self._stop_check(document.uri)
        if self._diagnoses and not self._server.connection.abilities.pulls_diagnostics:
            params = lsp.PublishDiagnosticsParams(uri=document.uri, diagnostics=[])
            self._server.text_document_publish_diagnostics(params)

    def files_changed(self, uris: Sequence[str]) -> None:
        """Tell the workspaces."""
        paths = tuple(path for uri in uris if (path := path_of(uri)) is not None)
        self._known.clear()  # A checker's settings may be among the files.
        for folder in self._folders.all():
            folder.workspace.apply(DiskChanged(paths))
        self._code.files_changed(paths)

    async def diagnostics(self, uri: str) -> Sequence[lsp.Diagnostic]:
        """Check the document as the editor shows it."""
        document = self._server.documents.get(uri)
        if document is None or not self._diagnoses or self._review.is_page(uri):
            return ()
        # One check at a time for a document: a client may ask again before it has its answer.
        async with self._checking.setdefault(uri, asyncio.Lock()):
            checked_before, found = self._known.get(uri, (None, ()))
            return found if checked_before is document else await self._check(document)

    async def _check(self, document: OpenDocument) -> Sequence[lsp.Diagnostic]:
        uri = document.uri
        try:
            folder, path = self._folders.find(uri)
            checked = document.as_document(path)
            root, programs = folder.workspace.root, folder.engine.programs
            found = await diagnose(checked, programs, root=root, depth=Depth.QUICK)
        except ExpectedError:
            return ()  # Not a file, or too large to check: nothing is known about it.
        encoding = self._server.connection.encoding
        wire = [to_wire_diagnostic(checked, diagnostic, encoding) for diagnostic in found]
        # The document may have been closed meanwhile, or opened anew with the same version.
        if self._server.documents.get(uri) is document:
            self._known[uri] = (document, wire)
        return wire

    def known_diagnostics(self, uri: str) -> Sequence[lsp.Diagnostic]:
        """Give the last answer if it is of the text of now."""
        document = self._server.documents.get(uri)
        checked, found = self._known.get(uri, (None, ()))
        return found if document is not None and checked is document else ()

    def start_fix(self, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> str:
        """Start to fix problems of a document."""
        return self._tasks.start(partial(self._fix, uri, diagnostics))

    def start_explain(self, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> str:
        """Start to explain problems of a document."""
        show = partial(show_answer, self._server)
        return self._tasks.start(partial(self._explain, uri, diagnostics), show)

    def start_ask(self, text: str, uri: str | None, range_: lsp.Range | None) -> str:
        """Start on what the user wrote."""
        show = partial(show_answer, self._server)
        return self._tasks.start(partial(self._ask, text, uri, range_), show)

    def start_undo(self, wish: Wish) -> str:
        """Start to take back changes."""
        return self._tasks.start(partial(self._undo, wish))

    def start_redo(self, wish: Wish) -> str:
        """Start to make again what was undone."""
        return self._tasks.start(partial(self._redo, wish))

    def approve(self, request_id: str, answer: AnswerKind, word: str) -> bool:
        """Answer a question of a task."""
        return self._tasks.approve(
            Approve(request_id=request_id, answer=answer, word=word, by=FRONT_END)
        )

    def start_trust(self, uri: str | None) -> dict[str, str]:
        """Begin to ask whether a folder is trusted. Raises: ExpectedError."""
        return self._trusting.start(uri)

    def revoke_trust(self, uri: str | None) -> dict[str, str]:
        """Take the trust in a folder back. Raises: ExpectedError."""
        return self._trusting.revoke(uri)

    def cancel(self, task_id: str | None) -> int:
        """Interrupt one task, or all."""
        return self._tasks.cancel(task_id)

    def cancel_by_token(self, token: int | str) -> None:
        """Interrupt what is behind a progress display."""
        self._tasks.cancel_by_token(token)
        self._code.cancel_by_token(token)

    def cancel_by_request(self, request_id: int | str) -> None:
        """Interrupt the task that a request has started."""
        self._tasks.cancel_by_request(request_id)

    async def close(self) -> None:
        """Interrupt everything and wait until it has ended."""
        for uri in tuple(self._checks):
            self._stop_check(uri)
        for folder in self._folders.all():
            folder.sink.leave()
        await self._tasks.close()
        await self._review.close()
        await self._trusting.close()
        await self._code.close()
        for folder in self._folders.all():
            folder.engine.close()

    async def _fix(self, uri: str, diagnostics: Sequence[lsp.Diagnostic]) -> tuple[Engine, Work]:
        folder, path = self._folders.find(uri)
        document = folder.workspace.snapshot().read(path)
        encoding = self._server.connection.encoding
        targets = tuple(from_wire_diagnostic(document, d, encoding) for d in diagnostics)
        return folder.engine, Fix(path=path, diagnostics=targets)

    async def _explain(
        self, uri: str, diagnostics: Sequence[lsp.Diagnostic]
    ) -> tuple[Engine, Work]:
        folder, path = self._folders.find(uri)
        document = folder.workspace.snapshot().read(path)
        encoding = self._server.connection.encoding
        targets = tuple(from_wire_diagnostic(document, d, encoding) for d in diagnostics)
        return folder.engine, Explain(path=path, diagnostics=targets)

    async def _ask(
        self, text: str, uri: str | None, range_: lsp.Range | None
    ) -> tuple[Engine, Work]:
        if uri is None:
            return self._folders.first().engine, Ask(text)
        folder, path = self._folders.find(uri)
        place = path.relative_to(folder.workspace.root).as_posix()
        if range_ is not None:
            place += f", lines {range_.start.line + 1} to {range_.end.line + 1}"
        return folder.engine, Ask(f"{text}\n\n(The user is looking at {place}.)")

    async def _undo(self, wish: Wish) -> tuple[Engine, Work]:
        folder, scope = await find_undo(self._folders, wish)
        return folder.engine, Undo(scope)

    async def _redo(self, wish: Wish) -> tuple[Engine, Work]:
        folder, scope = await find_redo(self._folders, wish)
        return folder.engine, Redo(scope)

    async def _publish(self, document: OpenDocument) -> None:
        await asyncio.sleep(PUBLISH_DELAY_S)
        found = await self.diagnostics(document.uri)
        params = lsp.PublishDiagnosticsParams(
            uri=document.uri, diagnostics=list(found), version=document.version
        )
        self._server.text_document_publish_diagnostics(params)

    def _stop_check(self, uri: str) -> None:
        task = self._checks.pop(uri, None)
        if task is not None:
            task.cancel()
