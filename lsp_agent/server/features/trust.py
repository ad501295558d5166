"""The commands about trust in a folder: to be asked about it, and to take it back."""

from pygls.exceptions import JsonRpcInvalidParams

from lsp_agent.server.arguments import Arguments, texts_in
from lsp_agent.server.registration import command
from lsp_agent.server.server import AgentServer
from mcp_tools.types.errors import ExpectedError


@command("lspAgent.trust")
async def trust(server: AgentServer, arguments: Arguments) -> dict[str, str]:
    """Ask about the folder of `uri`, or the first; the answer says how it stands until then."""
    try:
        return server.desk.start_trust(texts_in(arguments, ("uri",))["uri"])
    except ExpectedError as error:
        raise JsonRpcInvalidParams(str(error)) from error


@command("lspAgent.revokeTrust")
async def revoke_trust(server: AgentServer, arguments: Arguments) -> dict[str, str]:
    """Take the trust in the folder of `uri`, or the first, back."""
    try:
        return server.desk.revoke_trust(texts_in(arguments, ("uri",))["uri"])
    except ExpectedError as error:
        raise JsonRpcInvalidParams(str(error)) from error
