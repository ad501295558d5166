"""Deciding in the editor's own preview: one edit, each hunk of which the person confirms.

What the person ticks, the editor puts into the text. That is then seen from the text alone, so
an editor that asks nothing and makes all of the edit is served as well. What has arrived is
recorded as accepted; the rest of the proposal waits on.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.engine.protocol import Reject
from lsp_agent.server.convert import to_text_edits, uri_of
from lsp_agent.server.editing.edit_requests import DocumentChange
from lsp_agent.server.folders import Folder
from lsp_agent.server.review.spots import gist_of
from lsp_agent.server.server import AgentServer
from lsp_agent.server.sessions import new_session
from mcp_tools.types.contents import State
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import Denied, NotFound
from mcp_tools.types.journal import Actor, Entry, NewEntry, Origin, Transition
from mcp_tools.workspace.hunks import Hunk, HunkKind, with_hunks
from mcp_tools.workspace.review import Review, ReviewedFile, Selection, review_of
from mcp_tools.workspace.workspace import Modification

ANSWER_TIMEOUT_S = 600.0
"""How long a person may look at the preview."""
QUIET_S = 1.0
"""How long no text must come in until all that was ticked has arrived."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What of one file's hunks is in the text now."""

    file: ReviewedFile
    hunks: tuple[Hunk, ...]
    is_all: bool
    """Nothing of the file waits any more."""


class Preview:
    """One preview of a proposal."""

    def __init__(self, server: AgentServer, folder: Folder, review: Review) -> None:
        """Take the proposal as it is to be decided on now."""
        self._server = server
        self._folder = folder
        self._review = review
        self._annotations: dict[str, lsp.ChangeAnnotation] = {}
        self._news = asyncio.Event()

    async def run(self) -> str:
        """Show the preview, wait for the person, record what was taken, and say what it was.

        Raises: NotFound if no hunk can be shown so; Denied if the editor made no edit.
        """
        before = {file.path: file for file in self._review.files}
        changes = [change for file in before.values() for change in self._changes(file)]
        if not changes:
            raise NotFound("none of these changes can be previewed; decide on them one by one")
        stop = self._folder.workspace.subscribe(self._note)
        try:
            await self._ask(changes)
            arrived = await self._settled(before)
        finally:
            stop()
        n_hunks = sum(len(one.hunks) for one in arrived)
        if not n_hunks:
            return "nothing was taken; all of it still waits for review"
        await asyncio.to_thread(self._record, arrived)
        await self._forget(arrived)
        return f"accepted {n_hunks} of {len(self._review.hunks)} hunks; the rest waits for review"

    def _note(self, _modification: Modification, _revision: int) -> None:
        self._news.set()

    async def _ask(self, changes: list[DocumentChange]) -> None:
        edit = lsp.WorkspaceEdit(
            document_changes=changes, change_annotations=dict(self._annotations)
        )
        params = lsp.ApplyWorkspaceEditParams(edit=edit, label=self._review.proposal.label)
        # Shielded, since pygls shows an error when an answer comes that nobody awaits.
        wire = self._server.wire
        answer = asyncio.shield(wire.send_request_async(lsp.WORKSPACE_APPLY_EDIT, params))
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                result: lsp.ApplyWorkspaceEditResult = await answer
        except TimeoutError as error:
            raise Denied("the preview was not answered; all still waits for review") from error
        except JsonRpcException as error:
            raise Denied(f"the editor could not show the preview: {error}") from error
        if not result.applied:
            reason = result.failure_reason or "it gave no reason"
            raise Denied(f"the editor made no change ({reason}); all still waits for review")

    async def _settled(self, before: Mapping[Path, ReviewedFile]) -> list[_Arrived]:
        """Wait until no more of the edit comes in, and give what came."""
        while True:
            self._news.clear()
            arrived = await asyncio.to_thread(self._arrived, before)
            if all(one.is_all for one in arrived) and len(arrived) == len(before):
                return arrived
            try:
                async with asyncio.timeout(QUIET_S):
                    await self._news.wait()
            except TimeoutError:
                return arrived

    def _arrived(self, before: Mapping[Path, ReviewedFile]) -> list[_Arrived]:
        try:
            now = review_of(self._folder.workspace, self._review.proposal.id)
        except NotFound:
            return []  # It was settled meanwhile, and recorded by whoever did that.
        found: list[_Arrived] = []
        for file in now.files:
            wish = self._review.proposal.files.get(file.path)
            if file.path not in before or now.proposal.files[file.path] != wish:
                continue  # Decided on meanwhile, which is recorded too.
            left = {hunk.id for hunk in (*file.hunks, *(s.hunk for s in file.stale_hunks))}
            taken = tuple(h for h in before[file.path].hunks if h.id not in left)
            if taken:
                found.append(_Arrived(before[file.path], taken, is_all=not left))
        return found

    def _record(self, arrived: list[_Arrived]) -> Entry:
        proposal, journal = self._review.proposal, self._folder.engine.applier.journal
        origin = Origin(
            actor=Actor.USER, name="preview", session_id=proposal.session_id, turn_id=proposal.id
        )
        transitions = tuple(
            Transition(
                path=one.file.path,
                before=one.file.below,
                after=with_hunks(one.file.below, one.hunks),
            )
            for one in arrived
        )
        new = NewEntry(label=proposal.label, origin=origin, transitions=transitions)
        return journal.finish(journal.begin(new).id)

    async def _forget(self, arrived: list[_Arrived]) -> None:
        """Let go of files with nothing left to decide; else an undo would show them again."""
        for one in arrived:
            if one.is_all:
                work = Reject(self._review.proposal.id, Selection(one.file.path))
                async with aclosing(new_session(self._folder.engine).run(work)) as events:
                    async for _ in events:
                        pass

    def _changes(self, file: ReviewedFile) -> list[DocumentChange]:
        by_line = [hunk for hunk in file.hunks if hunk.kind is HunkKind.LINES]
        if by_line and file.below is not None:
            return [self._text_edit(file, file.below, by_line)]
        whole = next((hunk for hunk in file.hunks if hunk.kind is HunkKind.WHOLE), None)
        return [] if whole is None else self._whole(file, whole)

    def _text_edit(
        self, file: ReviewedFile, below: State, hunks: list[Hunk]
    ) -> lsp.TextDocumentEdit:
        assert isinstance(below.content, str)
        opened = self._folder.open.get(file.path)
        document = Document(path=file.path, text=below.content, version=None)
        edits: list[lsp.AnnotatedTextEdit] = []
        for hunk in hunks:
            assert hunk.edit is not None
            wire = to_text_edits(document, [hunk.edit], self._server.connection.encoding)
            name = self._annotate(file, hunk)
            edits += [lsp.AnnotatedTextEdit(name, edit.range, edit.new_text) for edit in wire]
        identifier = lsp.OptionalVersionedTextDocumentIdentifier(
            uri=opened.uri if opened else uri_of(file.path),
            version=opened.version if opened else None,
        )
        return lsp.TextDocumentEdit(text_document=identifier, edits=[*edits])

    def _whole(self, file: ReviewedFile, hunk: Hunk) -> list[DocumentChange]:
        """Give the making or removing of a text file, where the editor can do that."""
        operations = self._server.connection.abilities.resource_operations
        uri = uri_of(file.path)
        is_made = file.below is None and hunk.after is not None and hunk.after.mode is None
        if is_made and hunk.new_text and "create" in operations:
            name = self._annotate(file, hunk)
            start = lsp.Position(0, 0)
            text = lsp.AnnotatedTextEdit(name, lsp.Range(start, start), hunk.new_text)
            identifier = lsp.OptionalVersionedTextDocumentIdentifier(uri=uri, version=None)
            return [
                lsp.CreateFile(uri=uri, annotation_id=name),
                lsp.TextDocumentEdit(text_document=identifier, edits=[text]),
            ]
        is_saved = file.path not in self._folder.open
        if hunk.after is None and hunk.old_text and is_saved and "delete" in operations:
            return [lsp.DeleteFile(uri=uri, annotation_id=self._annotate(file, hunk))]
        return []

    def _annotate(self, file: ReviewedFile, hunk: Hunk) -> str:
        name = f"{len(self._annotations)}"
        self._annotations[name] = lsp.ChangeAnnotation(
            label=gist_of(hunk, file), needs_confirmation=True, description=file.path.name
        )
        return name
