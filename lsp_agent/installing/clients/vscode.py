"""Visual Studio Code.

Source: code.visualstudio.com/docs/copilot/reference/mcp-configuration, November 2026.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places, command_with_args
from lsp_agent.installing.json_settings import JsonSettings


def _user_files(places: Places) -> Sequence[Path]:
    return [places.app_data / "Code" / "User" / "mcp.json"]


def _entry(argv: Sequence[str]) -> Mapping[str, object]:
    return {"type": "stdio", **command_with_args(argv)}


CLIENT = Client(
    name="vscode",
    title="VS Code",
    format=JsonSettings("comments"),
    table="servers",
    user_files=_user_files,
    project_files=(".vscode/mcp.json",),
    make_entry=_entry,
)
