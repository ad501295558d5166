"""Code lenses: decisions above each hunk that waits for review, callers above each function."""

from collections.abc import Iterator

from lsprotocol import types as lsp

from lsp_agent.server.code.ready import Ready, ready
from lsp_agent.server.registration import feature
from lsp_agent.server.review.port import HunkSpot, Waiting
from lsp_agent.server.server import AgentServer

Lens = dict[str, object]
"""A lens as JSON; there may be one for each function of a long document."""
OPTIONS = lsp.CodeLensOptions(resolve_provider=True)


@feature(lsp.TEXT_DOCUMENT_CODE_LENS, OPTIONS)
async def code_lens(server: AgentServer, params: lsp.CodeLensParams) -> Ready:
    """Offer the decisions on each hunk of a document, and counts of callers still to be made."""
    uri = params.text_document.uri
    found = await server.desk.review.waiting(uri)
    decisions = [
        lens
        for waiting in found
        for hunk in waiting.hunks
        if not hunk.stale
        for lens in _lenses(waiting, hunk)
    ]
    return ready([*decisions, *await server.desk.code.caller_lenses(uri)])


@feature(lsp.CODE_LENS_RESOLVE)
async def resolve(server: AgentServer, lens: lsp.CodeLens) -> lsp.CodeLens:
    """Count the callers of one lens, now that a person sees it."""
    return await server.desk.code.resolve_lens(lens)


def _lenses(waiting: Waiting, hunk: HunkSpot) -> Iterator[Lens]:
    whole = {"proposalId": waiting.proposal_id}
    part = {**whole, "uri": hunk.uri, "hunk": hunk.hunk_id}
    start = {"line": hunk.range.start.line, "character": hunk.range.start.character}
    line: Lens = {"start": start, "end": start}
    yield _lens(line, f"Accept {hunk.gist}", "lspAgent.accept", part)
    yield _lens(line, "Reject", "lspAgent.reject", part)
    if not waiting.is_page:
        yield _lens(line, "Show", "lspAgent.review", whole)


def _lens(at: Lens, title: str, command: str, arguments: object) -> Lens:
    return {"range": at, "command": {"title": title, "command": command, "arguments": [arguments]}}
