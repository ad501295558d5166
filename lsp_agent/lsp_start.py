"""The first part of the language server's start: settings, and indexes that open meanwhile.

Apart from `lsp_app`, which takes much longer to load: the worker processes of an index that is
still empty start in that time.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.config.settings import (
    Settings,
    SettingsError,
    index_database,
    load_editor_settings,
)
from lsp_agent.server.convert import path_of
from lsp_agent.server.server import AgentServer
from mcp_tools.index.lazy import LazyIndex
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.paths import root_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What is there before the desk is."""

    settings: Settings
    indexes: Mapping[Path, LazyIndex]
    """Those of the folders that the editor has open, by their roots."""


def begin(server: AgentServer) -> Started:
    """Load the settings of a connected server, and open the indexes of its folders."""
    settings = _settings(server)
    indexes: dict[Path, LazyIndex] = {}
    with suppress(SettingsError):  # It is told when the folder is opened.
        for root in _roots(server) if settings.index else ():
            indexes[root] = LazyIndex(root, index_database(root))
            indexes[root].prepare()
    return Started(settings=settings, indexes=indexes)


def _roots(server: AgentServer) -> list[Path]:
    """Give the folders that are there."""
    roots: list[Path] = []
    for uri in server.connection.folders:
        path = path_of(uri)
        if path is not None:
            with suppress(ExpectedError):
                roots.append(root_path(path))
    return roots


def _settings(server: AgentServer) -> Settings:
    """Load the settings; a wrong one is reported, and the defaults serve until then."""
    options = dict(server.connection.options)
    try:
        return load_editor_settings(options).settings
    except SettingsError as error:
        server.show_error(str(error))
        return Settings()
