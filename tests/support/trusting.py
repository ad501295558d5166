"""Folders that the person of a test vouches for."""

from pathlib import Path

from lsp_agent.config.settings import user_state_folder
from lsp_agent.trust.store import TrustStore


def trust(root: Path) -> Path:
    """Trust a folder, as `lsp-agent trust grant` does, and give it."""
    TrustStore(user_state_folder()).grant(root)
    return root


def distrust(root: Path) -> None:
    """Take that back; it counts from the next decision on."""
    TrustStore(user_state_folder()).revoke(root)
