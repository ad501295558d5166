"""Showing an answer: a short one as a message, a long one as a document."""

import asyncio
import os
import uuid
from pathlib import Path

import platformdirs
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.convert import uri_of
from lsp_agent.server.server import AgentServer

MAX_MESSAGE_CHARS = 300
SHOW_TIMEOUT_S = 10.0
KEPT_ANSWERS = 20


async def show_answer(server: AgentServer, text: str) -> None:
    """Show `text` to the person, in whatever way their editor can."""
    abilities = server.connection.abilities
    if len(text) <= MAX_MESSAGE_CHARS or not abilities.shows_documents:
        server.show(lsp.MessageType.Info, text)
        return
    path = await asyncio.to_thread(_write_answer, text)
    params = lsp.ShowDocumentParams(uri=uri_of(path), take_focus=False)
    try:
        async with asyncio.timeout(SHOW_TIMEOUT_S):
            is_shown = (await server.window_show_document_async(params)).success
    except (TimeoutError, JsonRpcException):
        is_shown = False
    if not is_shown:
        server.show(lsp.MessageType.Info, text)


def _write_answer(text: str) -> Path:
    """Write an answer to a private file of the user's cache folder; only the newest are kept."""
    folder = platformdirs.user_cache_path("lsp-agent") / "answers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    older = sorted(folder.glob("*.md"), key=lambda path: path.stat().st_mtime)
    for path in older[:-KEPT_ANSWERS]:
        path.unlink(missing_ok=True)
    path = folder / f"answer-{uuid.uuid4().hex[:8]}.md"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
    return path
