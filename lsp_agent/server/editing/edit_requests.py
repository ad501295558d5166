"""Asking the editor to change something, as long as it is there."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.convert import to_text_edits
from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.editing.arrival import Patience
from lsp_agent.server.server import AgentServer
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import Denied

DocumentChange = lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The editor's no to an edit."""

    reason: str


class EditRequests:
    """The `workspace/applyEdit` requests to one editor."""

    def __init__(self, server: AgentServer, patience: Patience) -> None:
        """Ask the editor that `server` is connected to."""
        self._server = server
        self._patience = patience
        self._waiting: set[asyncio.Task[object]] = set()
        self._has_left = False

    def leave(self) -> None:
        """Stop to wait for the editor, which is about to go; from now on nothing is sent."""
        self._has_left = True
        for task in self._waiting:
            task.cancel()

    @property
    def has_left(self) -> bool:
        """Whether the editor is about to go."""
        return self._has_left

    async def while_here(self, work: Coroutine[object, object, ResultT]) -> ResultT:
        """Do something that waits for the editor; it ends at once when the editor leaves.

        Raises: Denied if the editor is leaving.
        """
        task = asyncio.create_task(work)
        self._waiting.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._has_left and caller is not None and not caller.cancelling():
                raise Denied("the editor is closing") from None
            raise
        finally:
            self._waiting.discard(task)

    async def send(self, label: str, changes: Sequence[DocumentChange]) -> Refusal | None:
        """Send one edit, and give the editor's refusal if it says that it did not apply it.

        Raises: Denied if it does not answer, or cannot.
        """
        if self._has_left:
            raise Denied("the editor is closing")
        edit = lsp.WorkspaceEdit(document_changes=list(changes))
        params = lsp.ApplyWorkspaceEditParams(label=label, edit=edit)
        try:
            async with asyncio.timeout(self._patience.answer_s):
                # Shielded, since pygls shows an error when an answer comes that nobody awaits.
                result = await asyncio.shield(self._asked(params))
        except TimeoutError as error:
            raise Denied("the editor did not answer whether it applied the edit") from error
        except JsonRpcException as error:
            raise Denied(f"the editor could not apply the edit: {error}") from error
        reason = result.failure_reason or "it gave no reason"
        return None if result.applied else Refusal(reason=reason)

    def _asked(
        self, params: lsp.ApplyWorkspaceEditParams
    ) -> asyncio.Future[lsp.ApplyWorkspaceEditResult]:
        return self._server.wire.send_request_async(lsp.WORKSPACE_APPLY_EDIT, params)

    def text_edit(
        self, opened: OpenDocument, document: Document, edits: tuple[TextEdit, ...]
    ) -> lsp.TextDocumentEdit:
        """Give edits of an open document in the terms of the protocol."""
        connection = self._server.connection
        # An editor that does not declare versioned edits may take 0 for "any version" and apply
        # an old edit to newer text (Neovim 0.12 does so); 1 is before any change there, too.
        declares = connection.abilities.declares_versioned_edits
        version = 1 if document.version == 0 and not declares else document.version
        identifier = lsp.OptionalVersionedTextDocumentIdentifier(uri=opened.uri, version=version)
        wire_edits = to_text_edits(document, edits, connection.encoding)
        return lsp.TextDocumentEdit(text_document=identifier, edits=[*wire_edits])
