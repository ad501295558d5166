"""The composition root of the MCP server: settings, engines, and the roots that are served."""

from collections.abc import Sequence
from pathlib import Path

from lsp_agent.app import build_disk_engine
from lsp_agent.config.settings import Settings, SettingsError
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.workplaces import DEFAULT_LIMITS, AgentWorkplaces, GuestLimits
from mcp_tools.registry import discover
from mcp_tools.types.errors import Denied


def make_workplaces(
    settings: Settings, roots: Sequence[Path], limits: GuestLimits = DEFAULT_LIMITS
) -> AgentWorkplaces:
    """Give the roots to serve, which are canonical; nothing is opened before it is needed."""

    def open_engine(root: Path) -> Engine:
        try:
            return build_disk_engine(settings, root)
        except SettingsError as error:
            raise Denied(str(error)) from error

    return AgentWorkplaces(roots, discover(), open_engine, limits)
