"""Code lenses: accept, reject and show above each hunk that waits for review."""

from collections.abc import Iterator

from lsprotocol import types as lsp

from lsp_agent.server.registration import feature
from lsp_agent.server.review.port import HunkSpot, Waiting
from lsp_agent.server.server import AgentServer

OPTIONS = lsp.CodeLensOptions(resolve_provider=False)


@feature(lsp.TEXT_DOCUMENT_CODE_LENS, OPTIONS)
async def code_lens(server: AgentServer, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
    """Offer the decisions on each hunk of a document that can be made now."""
    found = await server.desk.review.waiting(params.text_document.uri)
    return [
        lens
        for waiting in found
        for hunk in waiting.hunks
        if not hunk.stale
        for lens in _lenses(waiting, hunk)
    ]


def _lenses(waiting: Waiting, hunk: HunkSpot) -> Iterator[lsp.CodeLens]:
    whole = {"proposalId": waiting.proposal_id}
    part = {**whole, "uri": hunk.uri, "hunk": hunk.hunk_id}
    line = lsp.Range(hunk.range.start, hunk.range.start)
    yield _lens(line, f"Accept {hunk.gist}", "lspAgent.accept", part)
    yield _lens(line, "Reject", "lspAgent.reject", part)
    if not waiting.is_page:
        yield _lens(line, "Show", "lspAgent.review", whole)


def _lens(at: lsp.Range, title: str, command: str, arguments: object) -> lsp.CodeLens:
    return lsp.CodeLens(at, lsp.Command(title=title, command=command, arguments=[arguments]))
