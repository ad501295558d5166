"""Showing an answer: a short one as a message, a long one as a document."""

import asyncio
import uuid
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.convert import uri_of
from lsp_agent.server.private_files import (
    newest_private,
    private_path,
    remove_private,
    write_private,
)
from lsp_agent.server.server import AgentServer
from mcp_tools.types.errors import Denied

MAX_MESSAGE_CHARS = 300
SHOW_TIMEOUT_S = 10.0
KEPT_ANSWERS = 20


async def show_answer(server: AgentServer, text: str) -> None:
    """Show `text` to the person, in whatever way their editor can."""
    if len(text) <= MAX_MESSAGE_CHARS or not server.connection.abilities.shows_documents:
        server.show(lsp.MessageType.Info, text)
        return
    try:
        path = await asyncio.to_thread(_write_answer, text)
    except Denied:
        is_shown = False
    else:
        is_shown = await show_document(server, uri_of(path))
    if not is_shown:
        server.show(lsp.MessageType.Info, text)


async def show_document(server: AgentServer, uri: str) -> bool:
    """Ask the editor to show a document beside what it shows, and tell whether it does."""
    if not server.connection.abilities.shows_documents:
        return False
    params = lsp.ShowDocumentParams(uri=uri, take_focus=False)
    # Shielded, since pygls shows an error when an answer comes that nobody awaits.
    answer = asyncio.shield(server.wire.send_request_async(lsp.WINDOW_SHOW_DOCUMENT, params))
    try:
        async with asyncio.timeout(SHOW_TIMEOUT_S):
            result: lsp.ShowDocumentResult = await answer
            return result.success
    except (TimeoutError, JsonRpcException):
        return False


def _write_answer(text: str) -> Path:
    """Write an answer to a private file; only the newest are kept."""
    folder = private_path("answers")
    for path in newest_private(folder, "*.md")[KEPT_ANSWERS - 1 :]:
        remove_private(path)
    path = folder / f"answer-{uuid.uuid4().hex[:8]}.md"
    write_private(path, text)
    return path
