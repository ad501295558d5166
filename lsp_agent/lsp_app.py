"""The composition root of the language server: settings, engines and the desk.

Apart from `app`, since a command imports only its own front end.
"""

import asyncio
from functools import partial

from lsp_agent.app import MakeSink, build_engine, trust_store
from lsp_agent.config.settings import SettingsError
from lsp_agent.engine.engine import Engine
from lsp_agent.lsp_start import Started, begin
from lsp_agent.server.code.switches import Feature
from lsp_agent.server.desk import AgentDesk, DeskOptions
from lsp_agent.server.server import AgentServer
from lsp_agent.server.tasks import ReviewPolicy
from mcp_tools.garbage import collect_from_now_on
from mcp_tools.types.errors import Denied
from mcp_tools.workspace.disk.source import DiskSource

START_S = 5.0
"""So long after the desk was made, what was made for the first questions is there."""


def make_desk(server: AgentServer, started: Started | None = None) -> AgentDesk:
    """Make the desk of a connected server, with the editor's own options as the last layer."""
    asyncio.get_running_loop().call_later(START_S, collect_from_now_on)
    started = started or begin(server)
    settings, indexes = started.settings, dict(started.indexes)

    def make_engine(source: DiskSource, make_sink: MakeSink) -> Engine:
        try:
            return build_engine(settings, source, make_sink, index=indexes.pop(source.root, None))
        except SettingsError as error:
            raise Denied(str(error)) from error

    options = DeskOptions(
        diagnoses=settings.diagnostics,
        review=ReviewPolicy(settings.review),
        make_trust=partial(trust_store, settings),
        disabled=tuple(Feature(name) for name in settings.disabled_features),
    )
    desk = AgentDesk(server, make_engine, options)
    for index in indexes.values():  # of folders that could not be opened
        index.close()
    return desk
