"""Zed.

Source: zed.dev/docs/ai/mcp, November 2026.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places, command_with_args
from lsp_agent.installing.json_settings import JsonSettings


def _user_files(places: Places) -> Sequence[Path]:
    folder = places.app_data / "Zed" if places.platform == "win32" else places.config / "zed"
    return [folder / "settings.json"]


def _entry(argv: Sequence[str]) -> Mapping[str, object]:
    return {"source": "custom", **command_with_args(argv)}


CLIENT = Client(
    name="zed",
    title="Zed",
    format=JsonSettings("comments"),
    table="context_servers",
    user_files=_user_files,
    project_files=(".zed/settings.json",),
    make_entry=_entry,
)
