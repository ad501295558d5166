"""OpenCode.

Source: opencode.ai/docs/mcp-servers and opencode.ai/docs/config, November 2026.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places
from lsp_agent.installing.json_settings import JsonSettings

NAMES = ("opencode.json", "opencode.jsonc")


def _user_files(places: Places) -> Sequence[Path]:
    return [places.config / "opencode" / name for name in NAMES]


def _entry(argv: Sequence[str]) -> Mapping[str, object]:
    return {"type": "local", "command": list(argv), "enabled": True}


CLIENT = Client(
    name="opencode",
    title="OpenCode",
    format=JsonSettings("comments"),
    table="mcp",
    user_files=_user_files,
    project_files=NAMES,
    make_entry=_entry,
)
