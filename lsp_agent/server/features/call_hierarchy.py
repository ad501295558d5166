"""Who calls a function, and what it calls."""

from lsprotocol import types as lsp

from lsp_agent.server.code.port import Answer, spot_of
from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
async def prepare(server: AgentServer, params: lsp.CallHierarchyPrepareParams) -> Answer:
    """Give the function or class at a place."""
    return await server.desk.code.call_items(spot_of(params))


@feature(lsp.CALL_HIERARCHY_INCOMING_CALLS)
async def incoming(server: AgentServer, params: lsp.CallHierarchyIncomingCallsParams) -> Answer:
    """Give its callers, each with the places of its calls."""
    return await server.desk.code.incoming_calls(params.item)


@feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS)
async def outgoing(server: AgentServer, params: lsp.CallHierarchyOutgoingCallsParams) -> Answer:
    """Give what it calls, each with the places of the calls."""
    return await server.desk.code.outgoing_calls(params.item)
