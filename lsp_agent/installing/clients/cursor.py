"""Cursor.

Source: cursor.com/docs/mcp, November 2026.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places, command_with_args
from lsp_agent.installing.json_settings import JsonSettings


def _user_files(places: Places) -> Sequence[Path]:
    return [places.home / ".cursor" / "mcp.json"]


def _entry(argv: Sequence[str]) -> Mapping[str, object]:
    return {"type": "stdio", **command_with_args(argv)}


CLIENT = Client(
    name="cursor",
    title="Cursor",
    format=JsonSettings("comments"),
    table="mcpServers",
    user_files=_user_files,
    project_files=(".cursor/mcp.json",),
    make_entry=_entry,
    note="where Cursor starts it outside of your project, name that by --root, or use --project",
)
