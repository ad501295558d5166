"""`initialize`, `initialized` and `shutdown`."""

from lsprotocol import types as lsp

from lsp_agent.server.registration import feature
from lsp_agent.server.server import AgentServer


@feature(lsp.INITIALIZE)
def initialize(server: AgentServer, params: lsp.InitializeParams) -> None:
    """Note what the client can do; pygls answers."""
    server.connect(params)


@feature(lsp.INITIALIZED)
def initialized(server: AgentServer, params: lsp.InitializedParams) -> None:
    """Load the agent's side now that the client has its answer and is not waiting."""
    assert server.desk


@feature(lsp.SHUTDOWN)
async def shutdown(server: AgentServer, params: None) -> None:
    """Interrupt all work, so that nothing is written after this."""
    await server.disconnect()
