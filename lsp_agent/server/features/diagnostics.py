"""Pull diagnostics: what our own checkers report for a document.

Clients that do not ask get the same by `publishDiagnostics`, which the desk sends.
"""

from lsprotocol import types as lsp

from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer
from mcp_tools.types.text import digest_of

OPTIONS = lsp.DiagnosticOptions(
    identifier="lsp-agent", inter_file_dependencies=False, workspace_diagnostics=False
)


@feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, OPTIONS)
async def diagnostic(
    server: AgentServer, params: lsp.DocumentDiagnosticParams
) -> lsp.DocumentDiagnosticReport:
    """Answer with all problems, or that they are those of the last answer."""
    document = server.documents.get(params.text_document.uri)
    # Not the version: that starts again when a document is closed and opened with another text.
    result_id = digest_of(document.text) if document else None
    if result_id is not None and params.previous_result_id == result_id:
        return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id=result_id)
    items = await server.desk.diagnostics(params.text_document.uri)
    return lsp.RelatedFullDocumentDiagnosticReport(result_id=result_id, items=items)
