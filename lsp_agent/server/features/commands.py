"""The commands that start work. Each answers at once with the task's id.

An editor may freeze while it waits for a command (Emacs for 10 seconds, then it gives up), so
the work goes on in the background and tells of itself by progress, messages and edits.
"""

import attrs
from lsprotocol import types as lsp

from lsp_agent.server.arguments import Arguments, texts_in
from lsp_agent.server.registration import command
from lsp_agent.server.review.port import Wish
from lsp_agent.server.server import AgentServer

Started = dict[str, str]
"""`{"taskId": ID}`, for `lspAgent.cancel`."""


@attrs.define
class FileParams:
    """A document, and problems in it."""

    uri: str
    diagnostics: list[lsp.Diagnostic] = attrs.Factory(list[lsp.Diagnostic])


@attrs.define
class AskParams:
    """What the user wants, and the document, or the part of one, that it is about."""

    text: str
    uri: str | None = None
    range: lsp.Range | None = None


@command("lspAgent.fix")
async def fix(server: AgentServer, params: FileParams) -> Started:
    """Fix the given problems, or all of the file when there are none."""
    return {"taskId": server.desk.start_fix(params.uri, params.diagnostics)}


@command("lspAgent.fixAll")
async def fix_all(server: AgentServer, params: FileParams) -> Started:
    """Fix all problems of the file that our own checkers report."""
    return {"taskId": server.desk.start_fix(params.uri, ())}


@command("lspAgent.explain")
async def explain(server: AgentServer, params: FileParams) -> Started:
    """Explain the given problems."""
    return {"taskId": server.desk.start_explain(params.uri, params.diagnostics)}


@command("lspAgent.ask")
async def ask(server: AgentServer, params: AskParams) -> Started:
    """Do, or answer, what the user wrote."""
    return {"taskId": server.desk.start_ask(params.text, params.uri, params.range)}


@command("lspAgent.undo")
async def undo(server: AgentServer, arguments: Arguments) -> Started:
    """Take back the newest change, or what is named: by file, entry, hunk, turn or moment."""
    texts = texts_in(arguments, ("uri", "entry", "hunk", "turn", "session", "since"))
    wish = Wish(
        uri=texts["uri"],
        entry=texts["entry"],
        hunk_id=texts["hunk"],
        turn=texts["turn"],
        session=texts["session"],
        since=texts["since"],
    )
    return {"taskId": server.desk.start_undo(wish)}


@command("lspAgent.redo")
async def redo(server: AgentServer, arguments: Arguments) -> Started:
    """Make again what was undone last, in all or in one file, or by what is named."""
    texts = texts_in(arguments, ("uri", "entry"))
    return {"taskId": server.desk.start_redo(Wish(uri=texts["uri"], entry=texts["entry"]))}
