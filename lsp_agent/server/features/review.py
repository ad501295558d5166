"""Deciding on proposals: the commands, and the documents that exist only in the editor.

Each command answers at once with the id of its task, as those that start other work do.
"""

from lsprotocol import types as lsp

from lsp_agent.server.arguments import Arguments, objects_in, texts_in, without
from lsp_agent.server.registration import command, feature
from lsp_agent.server.review.port import Part, Remark
from lsp_agent.server.server import AgentServer

Started = dict[str, str]


@command("lspAgent.accept")
async def accept(server: AgentServer, arguments: Arguments) -> Started:
    """Make a proposal, what it has of one file, or one hunk of that real."""
    return {"taskId": server.desk.review.start_accept(_part(arguments))}


@command("lspAgent.reject")
async def reject(server: AgentServer, arguments: Arguments) -> Started:
    """Forget a proposal, what it has of one file, or one hunk of that."""
    return {"taskId": server.desk.review.start_reject(_part(arguments))}


@command("lspAgent.explainHunk")
async def explain_hunk(server: AgentServer, arguments: Arguments) -> Started:
    """Say what a proposal, or a part of it, does and why."""
    return {"taskId": server.desk.review.start_explain(_part(arguments))}


@command("lspAgent.review")
async def review(server: AgentServer, arguments: Arguments) -> Started:
    """Show a proposal as a document; with comments, let the agent change it by them."""
    remarks = [_remark(remark) for remark in objects_in(arguments, "comments")]
    texts = texts_in(without(arguments, "comments"), ("proposalId", "uri"))
    part = Part(proposal_id=texts["proposalId"], uri=texts["uri"])
    if remarks:
        return {"taskId": server.desk.review.start_revise(part, remarks)}
    return {"taskId": server.desk.review.start_show(part)}


@command("lspAgent.reviewFile")
async def review_file(server: AgentServer, arguments: Arguments) -> Started:
    """Show a proposal as a file, into which comments can be written."""
    return {"taskId": server.desk.review.start_show_file(_part(arguments))}


@command("lspAgent.preview")
async def preview(server: AgentServer, arguments: Arguments) -> Started:
    """Let the editor ask about each hunk of a proposal, where it can."""
    return {"taskId": server.desk.review.start_preview(_part(arguments))}


@feature(lsp.WORKSPACE_TEXT_DOCUMENT_CONTENT)
async def text_document_content(
    server: AgentServer, params: lsp.TextDocumentContentParams
) -> lsp.TextDocumentContentResult:
    """Give the text of a document for review that is no file."""
    return lsp.TextDocumentContentResult(text=await server.desk.review.text(params.uri))


def _part(arguments: Arguments) -> Part:
    texts = texts_in(arguments, ("proposalId", "uri", "hunk"))
    return Part(proposal_id=texts["proposalId"], uri=texts["uri"], hunk_id=texts["hunk"])


def _remark(arguments: Arguments) -> Remark:
    texts = texts_in(arguments, ("uri", "hunk", "text"))
    return Remark(uri=texts["uri"], hunk_id=texts["hunk"], text=texts["text"] or "")
