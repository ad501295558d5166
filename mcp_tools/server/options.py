"""How a server presents itself."""

from dataclasses import dataclass

from mcp_tools.types.calls import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """What the person who starts a server chooses for all its clients."""

    name: str = "lsp-agent"
    version: str = ""
    profile: Profile = Profile.EDIT
    has_canaries: bool = False
    """Decoy tools are among the tools; who calls one is cut off."""
