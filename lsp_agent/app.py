"""The composition root: the only place where the parts are put together."""

from collections.abc import Callable
from pathlib import Path

from lsp_agent.config.settings import Settings
from lsp_agent.engine.engine import Engine
from lsp_agent.models.port import Model
from lsp_agent.models.providers import Credentials, choose_model, create_model
from mcp_tools.ports import Sink
from mcp_tools.registry import discover
from mcp_tools.workspace.disk import DiskSource
from mcp_tools.workspace.disk_sink import DiskSink
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Workspace


def model_name(settings: Settings) -> str:
    """Give the name of the model that the settings choose."""
    return choose_model(settings.model, credentials(settings))


def credentials(settings: Settings) -> Credentials:
    """Give what reaches a hosted model."""
    return Credentials(api_key=settings.api_key, base_url=settings.base_url)


def model_maker(settings: Settings) -> Callable[[], Model]:
    """Give a function that makes the chosen model, when a task first needs it."""
    return lambda: create_model(model_name(settings), credentials(settings))


def build_engine(settings: Settings, workspace: Workspace, sink: Sink) -> Engine:
    """Put an engine together over a workspace, whose accepted changes go to `sink`."""
    return Engine(
        workspace=workspace,
        tools=discover(),
        programs=BundledPrograms(),
        sink=sink,
        make_model=model_maker(settings),
        max_steps=settings.max_steps,
        approval_timeout_s=settings.approval_timeout_s,
    )


def build_disk_engine(settings: Settings, root: Path) -> Engine:
    """Put an engine together that works on the files below `root`, with no editor attached.

    Raises: NotFound if there is no such folder.
    """
    source = DiskSource(root)
    return build_engine(settings, Workspace(source), DiskSink(source))
