"""Codex.

Source: developers.openai.com/codex/mcp, November 2026.
"""

from collections.abc import Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places, command_with_args
from lsp_agent.installing.toml_settings import TomlSettings


def _user_files(places: Places) -> Sequence[Path]:
    return [(places.named("CODEX_HOME") or places.home / ".codex") / "config.toml"]


CLIENT = Client(
    name="codex",
    title="Codex",
    format=TomlSettings(),
    table="mcp_servers",
    user_files=_user_files,
    project_files=(".codex/config.toml",),
    make_entry=command_with_args,
)
