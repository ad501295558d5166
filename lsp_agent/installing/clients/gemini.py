"""Gemini CLI.

Source: geminicli.com/docs/tools/mcp-server, November 2026.
"""

from collections.abc import Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places, command_with_args
from lsp_agent.installing.json_settings import JsonSettings


def _user_files(places: Places) -> Sequence[Path]:
    home = places.named("GEMINI_CLI_HOME") or places.home
    return [home / ".gemini" / "settings.json"]


CLIENT = Client(
    name="gemini",
    title="Gemini CLI",
    format=JsonSettings("comments"),
    table="mcpServers",
    user_files=_user_files,
    project_files=(".gemini/settings.json",),
    make_entry=command_with_args,
)
