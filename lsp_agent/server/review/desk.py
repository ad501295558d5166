"""Review of proposals from an editor: finds what is meant, and starts the work."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from lsprotocol import types as lsp

from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Comment, ExplainHunks, Reject, Revise, Work
from lsp_agent.server.answers import show_answer
from lsp_agent.server.folders import Folders
from lsp_agent.server.review.cache import ReviewCache
from lsp_agent.server.review.document import SETTLED, counted
from lsp_agent.server.review.finding import Found, find_part, folder_of, path_in
from lsp_agent.server.review.marks import Note, Place
from lsp_agent.server.review.news import ReviewNews, waiting_message
from lsp_agent.server.review.pages import ReviewPages, is_virtual, path_for, proposal_of
from lsp_agent.server.review.port import Part, Remark, Waiting
from lsp_agent.server.review.preview import Preview
from lsp_agent.server.review.spots import waiting_in, waiting_in_page
from lsp_agent.server.server import AgentServer
from lsp_agent.server.tasks import Tasks
from mcp_tools.types.errors import ExpectedError, InvalidEdit, NotFound
from mcp_tools.workspace.review import Selection


class AgentReviewDesk:
    """Does what the features ask for about review; implements ReviewDesk."""

    def __init__(self, server: AgentServer, folders: Folders, tasks: Tasks) -> None:
        """Work for a connected server; tells of proposals that wait already."""
        self._server = server
        self._folders = folders
        self._tasks = tasks
        self._reviews = ReviewCache()
        self._pages = ReviewPages(server, self._reviews)
        self._news = ReviewNews(server, self._pages)
        tasks.show_proposal = self._show_new
        self._news.register()
        folders.watch(self._news.follow)

    async def waiting(self, uri: str) -> Sequence[Waiting]:
        """Give what waits and concerns a document."""
        if proposal_of(uri) is not None:
            return await self._waiting_in_page(uri)
        document = self._server.documents.get(uri)
        if document is None:
            return ()
        encoding = self._server.connection.encoding
        return [
            waiting_in(review, path, document, encoding)
            for folder, path in self._folders.showing(uri)
            for review in await self._reviews.open_reviews(folder.workspace)
        ]

    async def text(self, uri: str) -> str:
        """Give the text of a document that exists only in the editor."""
        proposal_id = proposal_of(uri) or ""
        try:
            folder = folder_of(self._folders, proposal_id)
        except NotFound:
            return SETTLED
        return await self._pages.text(folder.workspace, proposal_id)

    def start_accept(self, part: Part) -> str:
        """Start to make a part of a proposal real."""
        return self._start(part, lambda found: Accept(found.proposal_id, found.selection))

    def start_reject(self, part: Part) -> str:
        """Start to forget a part of a proposal."""
        return self._start(part, lambda found: Reject(found.proposal_id, found.selection))

    def start_explain(self, part: Part) -> str:
        """Start to explain a part of a proposal."""
        show = partial(show_answer, self._server)

        async def prepare() -> tuple[Engine, Work]:
            found = find_part(self._folders, part)
            work = ExplainHunks(proposal_id=found.proposal_id, selection=found.selection)
            return found.folder.engine, work

        return self._tasks.start(prepare, show)

    def start_revise(self, part: Part, remarks: Sequence[Remark]) -> str:
        """Start to let the agent change a proposal by comments."""
        return self._tasks.start(partial(self._revise, part, remarks))

    def start_show(self, part: Part) -> str:
        """Start to show a proposal as a document."""
        return self._tasks.begin("Show proposed changes", partial(self._show, part))

    def start_show_file(self, part: Part) -> str:
        """Start to show a proposal as a document that can be written into."""
        return self._tasks.begin("Show proposed changes", partial(self._show_file, part))

    def start_preview(self, part: Part) -> str:
        """Start to let the editor ask about each hunk of a proposal."""
        return self._tasks.begin("Preview proposed changes", partial(self._preview, part))

    def is_page(self, uri: str) -> bool:
        """Tell whether a document is one for review, which belongs to no folder."""
        return proposal_of(uri) is not None

    def page_changed(self, uri: str) -> None:
        """Note that the editor shows a document for review, or a new text of one."""
        if not self._pages.note_text(uri):
            proposal_id = proposal_of(uri) or ""
            try:
                folder = folder_of(self._folders, proposal_id)
            except NotFound:
                return  # It was settled in an earlier session, and stays as it is.
            self._pages.adopt(folder.workspace, proposal_id, uri)
        self._news.note_page()

    def page_closed(self, uri: str) -> None:
        """Note that a document for review was closed."""
        self._news.note_closed(uri)

    async def close(self) -> None:
        """Stop to keep documents up to date, and wait until that has ended."""
        self._pages.leave()
        await self._news.close()

    def _start(self, part: Part, make: Callable[[Found], Work]) -> str:
        async def prepare() -> tuple[Engine, Work]:
            found = find_part(self._folders, part)
            return found.folder.engine, make(found)

        return self._tasks.start(prepare)

    async def _waiting_in_page(self, uri: str) -> Sequence[Waiting]:
        proposal_id = proposal_of(uri) or ""
        try:
            workspace = folder_of(self._folders, proposal_id).workspace
            if workspace.proposal(proposal_id).is_draft:
                return ()
            review = await self._reviews.review(workspace, proposal_id)
        except NotFound:
            return ()
        text = self._pages.text_of(uri)
        waiting = waiting_in_page(review, workspace.root, text)
        return (replace(waiting, is_page=True, is_virtual=is_virtual(uri)),)

    async def _revise(self, part: Part, remarks: Sequence[Remark]) -> tuple[Engine, Work]:
        found = find_part(self._folders, part)
        if not remarks or not all(remark.text.strip() for remark in remarks):
            raise InvalidEdit("expected comments with a text each, got none")
        root = found.folder.workspace.root
        paths = [path_in(root, remark.uri) for remark in remarks]
        comments = tuple(
            Comment(selection=Selection(path, remark.hunk_id), text=remark.text.strip())
            for path, remark in zip(paths, remarks, strict=True)
        )
        self._news.note_sent(found.proposal_id, _notes(root, paths, remarks))
        return found.folder.engine, Revise(proposal_id=found.proposal_id, comments=comments)

    async def _show(self, part: Part) -> str:
        found = find_part(self._folders, part)
        is_shown = await self._pages.show(found.folder.workspace, found.proposal_id)
        return self._said(found, is_shown=is_shown)

    async def _show_file(self, part: Part) -> str:
        found = find_part(self._folders, part)
        is_shown = await self._pages.show_file(found.folder.workspace, found.proposal_id)
        return self._said(found, is_shown=is_shown)

    def _said(self, found: Found, *, is_shown: bool) -> str:
        if not is_shown:
            path = path_for(found.proposal_id)
            self._server.show(lsp.MessageType.Info, f"The proposed changes are in {path}")
        return "shown"

    async def _preview(self, part: Part) -> str:
        found = find_part(self._folders, part)
        review = await self._reviews.review(found.folder.workspace, found.proposal_id)
        return await Preview(self._server, found.folder, review).run()

    async def _show_new(self, engine: Engine, proposal_id: str) -> None:
        """Tell of a proposal that a task has made, and show it where the editor can."""
        try:
            review = await self._reviews.review(engine.workspace, proposal_id)
        except NotFound:
            return
        if not any(file.hunks or file.stale_hunks for file in review.files):
            return  # The text has it already.
        self._server.show(lsp.MessageType.Info, waiting_message(counted(review)))
        if self._server.connection.abilities.shows_documents:
            try:
                await self._pages.show(engine.workspace, proposal_id)
            except ExpectedError as error:
                self._server.show(lsp.MessageType.Warning, str(error))


def _notes(root: Path, paths: Sequence[Path | None], remarks: Sequence[Remark]) -> tuple[Note, ...]:
    """Give comments as the documents for review have them."""
    names = [None if path is None else path.relative_to(root).as_posix() for path in paths]
    return tuple(
        Note(Place(name, remark.hunk_id), remark.text)
        for name, remark in zip(names, remarks, strict=True)
    )
