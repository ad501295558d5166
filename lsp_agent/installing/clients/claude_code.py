"""Claude Code.

Source: code.claude.com/docs/en/mcp, November 2026.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsp_agent.installing.client import Client, Places, command_with_args
from lsp_agent.installing.json_settings import JsonSettings


def _user_files(places: Places) -> Sequence[Path]:
    return [(places.named("CLAUDE_CONFIG_DIR") or places.home) / ".claude.json"]


def _entry(argv: Sequence[str]) -> Mapping[str, object]:
    return {"type": "stdio", **command_with_args(argv)}


CLIENT = Client(
    name="claude-code",
    title="Claude Code",
    format=JsonSettings(),
    table="mcpServers",
    user_files=_user_files,
    project_files=(".mcp.json",),
    make_entry=_entry,
    note="a session of Claude Code that is open writes this file too, so end it first",
)
