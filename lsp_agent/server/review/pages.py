"""The documents from which proposals are reviewed, each kept up to date while it is there.

Where an editor can ask for the text of a document that is no file, that is what it gets. Else,
and when a person wants to write comments, the document is a private file. What was typed into
one is never lost: each new rendering takes it along.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from lsprotocol import types as lsp

from lsp_agent.server.answers import show_document
from lsp_agent.server.convert import path_of, uri_of
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.editing.arrival import Patience
from lsp_agent.server.editing.edit_requests import EditRequests
from lsp_agent.server.private_files import (
    newest_private,
    private_name,
    private_path,
    read_private,
    remove_private,
    write_private,
)
from lsp_agent.server.review.cache import ReviewCache
from lsp_agent.server.review.document import IN_A_FILE, SETTLED, VIRTUAL, rendered
from lsp_agent.server.review.marks import Note, carried
from lsp_agent.server.review.port import SCHEME
from lsp_agent.server.server import AgentServer
from mcp_tools.types.errors import Denied, NotFound
from mcp_tools.workspace.diffs import diff_edits
from mcp_tools.workspace.workspace import Workspace

NEWER_TEXT_TIMEOUT_S = 5.0
"""How long an editor may take to report the text of a page that it has changed."""
MAX_ATTEMPTS = 3
FOLDER, SUFFIX = "reviews", ".diff"
KEPT_PAGES = 20


class Page:
    """One document for review."""

    def __init__(self, workspace: Workspace, proposal_id: str, path: Path | None) -> None:
        """Begin with nothing rendered; without a path it exists only in the editor."""
        self.workspace = workspace
        self.proposal_id = proposal_id
        self.path = path
        self.rendered = ""
        """What the document says without what a person has typed."""
        self.sent: tuple[Note, ...] = ()
        """Comments that were delivered, and go with the next rendering."""
        self.is_due = False
        """It is to be made anew, whatever it says now."""
        self.changed = asyncio.Event()

    @property
    def uri(self) -> str:
        """The document's address."""
        return virtual_uri(self.proposal_id) if self.path is None else uri_of(self.path)


class ReviewPages:
    """The pages of one server."""

    def __init__(self, server: AgentServer, reviews: ReviewCache) -> None:
        """Start with none."""
        self._server = server
        self._reviews = reviews
        self._pages: dict[str, Page] = {}
        self._requests = EditRequests(server, Patience())
        self._making = asyncio.Lock()
        """Held while a page is made anew, which takes several steps."""

    def leave(self) -> None:
        """Stop to wait for the editor, which is about to go."""
        self._requests.leave()

    async def show(self, workspace: Workspace, proposal_id: str) -> bool:
        """Show a proposal in the editor, in the best way that it has; False if it has none.

        Raises: as `show_file`.
        """
        if self._server.connection.abilities.reads_virtual_documents:
            page = self._page(workspace, proposal_id, None)
            page.rendered = await self._rendering(page)
            if await show_document(self._server, page.uri):
                return True
            self._pages.pop(page.uri, None)
        return await self.show_file(workspace, proposal_id)

    async def show_file(self, workspace: Workspace, proposal_id: str) -> bool:
        """Show a proposal as a file, which can be written into; False if the editor cannot.

        The file is there in any case. Raises: Denied if it cannot be written.
        """
        page = self._page(workspace, proposal_id, path_for(proposal_id))
        async with self._making:
            await self._refresh_file(page, await self._rendering(page))
        return await show_document(self._server, page.uri)

    async def text(self, workspace: Workspace, proposal_id: str) -> str:
        """Give the text of a document that exists only in the editor."""
        page = self._page(workspace, proposal_id, None)
        page.rendered = await self._rendering(page)
        return page.rendered

    def text_of(self, uri: str) -> str:
        """Give what a page shows now, with what was typed; empty for one that is not there."""
        document = self._open_document(uri)
        if document is not None:
            return document.text
        page = self._pages.get(uri)
        return page.rendered if page is not None else ""

    def note_text(self, uri: str) -> bool:
        """Note that the editor shows a page, or a new text of one; False if it is none of ours."""
        page = self._pages.get(self._address(uri))
        if page is not None:
            page.changed.set()
        return page is not None

    def adopt(self, workspace: Workspace, proposal_id: str, uri: str) -> None:
        """Keep a page up to date that the editor opened by itself, as one of an earlier session."""
        self._page(workspace, proposal_id, None if is_virtual(uri) else path_for(proposal_id))

    def closed(self, uri: str) -> bool:
        """Note that a page was closed, and tell whether its file is to be made anew.

        Where nothing waits any more, the file goes.
        """
        page = self._pages.get(self._address(uri))
        if page is None:
            return False
        if page.path is not None and page.rendered != SETTLED:
            page.is_due = True  # The editor may have left its text of some moment there.
            return True
        self._forget(page)
        return False

    def deliver(self, proposal_id: str, notes: Iterable[Note]) -> None:
        """Let comments go from a proposal's pages: the agent has them, and has answered."""
        for page in self._pages.values():
            if page.proposal_id == proposal_id:
                page.sent = tuple(notes)

    async def refresh(self) -> None:
        """Make every page anew whose proposal, or the text below it, has changed."""
        for page in tuple(self._pages.values()):
            async with self._making:
                await self._refresh(page)

    async def _refresh(self, page: Page) -> None:
        new = await self._rendering(page)
        if new != page.rendered or page.sent or page.is_due:
            page.is_due = False
            if page.path is None:
                page.rendered, page.sent = new, ()
                params = lsp.TextDocumentContentRefreshParams(uri=page.uri)
                await self._server.ask(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH, params)
            else:
                await self._refresh_file(page, new)
        if page.rendered == SETTLED and self._open_document(page.uri) is None:
            self._forget(page)

    def _page(self, workspace: Workspace, proposal_id: str, path: Path | None) -> Page:
        page = Page(workspace, proposal_id, path)
        return self._pages.setdefault(page.uri, page)

    async def _rendering(self, page: Page) -> str:
        """Give what a page is to say; while the agent works on its proposal it stays as it is."""
        try:
            if page.workspace.proposal(page.proposal_id).is_draft and page.rendered:
                return page.rendered
            review = await self._reviews.review(page.workspace, page.proposal_id)
        except NotFound:
            return SETTLED
        how = VIRTUAL if page.path is None else IN_A_FILE
        return rendered(review, page.workspace.root, how)

    async def _refresh_file(self, page: Page, new: str) -> None:
        if self._open_document(page.uri) is not None:
            await self._refresh_open(page, new)
            return
        assert page.path is not None
        shown = await asyncio.to_thread(read_private, page.path)
        text = new if shown is None else carried(page.rendered, shown, new, page.sent)
        await asyncio.to_thread(_write_page, page.path, text)
        page.rendered, page.sent = new, ()

    async def _refresh_open(self, page: Page, new: str) -> None:
        """Change a page in the editor; the person may type into it at the same time."""
        if not self._server.connection.abilities.can_apply_edits:
            return
        for _ in range(MAX_ATTEMPTS):
            document = self._open_document(page.uri)
            if document is None:
                return
            text = carried(page.rendered, document.text, new, page.sent)
            if text == document.text:
                break
            page.changed.clear()
            is_applied = await self._edit(document, text)
            try:
                async with asyncio.timeout(NEWER_TEXT_TIMEOUT_S):
                    await page.changed.wait()
            except TimeoutError:
                # What the editor shows now is not known: only plain comments are told from it.
                page.rendered = "" if is_applied else page.rendered
                return
            if is_applied:
                break
        else:
            return
        page.rendered, page.sent = new, ()

    async def _edit(self, document: OpenDocument, text: str) -> bool:
        """Ask the editor to give a page another text, and tell whether it says it did."""
        if document.path is None:
            return False
        old = document.as_document(document.path)
        edit = self._requests.text_edit(document, old, diff_edits(document.text, text))
        try:
            return await self._requests.send("Proposed changes", [edit]) is None
        except Denied:
            return False

    def _forget(self, page: Page) -> None:
        if page.path is not None:
            remove_private(page.path)
        self._pages.pop(page.uri, None)

    def _open_document(self, uri: str) -> OpenDocument | None:
        """Give the open document of a page, whose address editors may write in several ways."""
        address = self._address(uri)
        open_documents = (d for d in self._server.documents.all() if d.uri == uri or d.path)
        return next((d for d in open_documents if self._address(d.uri) == address), None)

    def _address(self, uri: str) -> str:
        proposal_id = proposal_of(uri)
        if proposal_id is None or is_virtual(uri):
            return uri
        return uri_of(path_for(proposal_id))


def virtual_uri(proposal_id: str) -> str:
    """Give the address of a proposal's document that exists only in the editor."""
    return f"{SCHEME}:/{proposal_id}/review.diff"


def path_for(proposal_id: str) -> Path:
    """Give the path of a proposal's document as a file."""
    return private_path(FOLDER, f"{proposal_id}{SUFFIX}")


def proposal_of(uri: str) -> str | None:
    """Give the id of the proposal whose document this is, None for any other document."""
    parts = urlsplit(uri)
    if parts.scheme == SCHEME:
        return parts.path.strip("/").split("/")[0]
    path = path_of(uri)
    name = private_name(path, FOLDER) if path is not None and path.suffix == SUFFIX else None
    return None if name is None else name.removesuffix(SUFFIX)


def is_virtual(uri: str) -> bool:
    """Tell whether a document exists only in the editor."""
    return urlsplit(uri).scheme == SCHEME


def _write_page(path: Path, text: str) -> None:
    for old in newest_private(path.parent, f"*{SUFFIX}")[KEPT_PAGES:]:
        remove_private(old)
    write_private(path, text)
