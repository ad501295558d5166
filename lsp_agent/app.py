"""The composition root: the only place where the parts are put together."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from lsp_agent.audit.log import AuditLog
from lsp_agent.audit.trail import AuditTrail
from lsp_agent.config.settings import Settings, cache_folder, index_database, state_folder
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.stack import ProposalStack
from lsp_agent.models.port import Model
from lsp_agent.models.providers import Credentials, choose_model, create_model
from lsp_agent.permissions.decision import Level, Policy
from lsp_agent.sandbox.runner import make_runner
from mcp_tools.code.checks.jedi_oracle import JediOracle
from mcp_tools.index.indexed_sink import IndexedSink
from mcp_tools.index.lazy import LazyIndex
from mcp_tools.ports import Sink
from mcp_tools.registry import Discovered
from mcp_tools.types.errors import ExpectedError
from mcp_tools.web.lazy import LazyFetcher, LazySearcher
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.recovery import Recovered, recover
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Workspace

MakeSink: TypeAlias = Callable[[Workspace, Sink], Sink]
"""Gives where accepted changes go, out of the workspace and the way to its disk."""

logger = logging.getLogger(__name__)


def model_name(settings: Settings) -> str:
    """Give the name of the model that the settings choose."""
    return choose_model(settings.model, credentials(settings))


def credentials(settings: Settings) -> Credentials:
    """Give what reaches a hosted model."""
    return Credentials(api_key=settings.api_key, base_url=settings.base_url)


def model_maker(settings: Settings) -> Callable[[], Model]:
    """Give a function that makes the chosen model, when a task first needs it."""
    return lambda: create_model(model_name(settings), credentials(settings))


def policy_of(settings: Settings) -> Policy:
    """Give what happens without a question."""
    return Policy(level=Level(settings.level), allow=frozenset(settings.allow))


def audit_folder(root: Path) -> Path:
    """Give the folder of the audit log about the workspace at `root`.

    Raises: SettingsError.
    """
    return state_folder(root) / "audit"


def to_disk(_workspace: Workspace, disk: Sink) -> Sink:
    """Give the disk as the place where accepted changes go; a `MakeSink`."""
    return disk


def build_engine(
    settings: Settings,
    source: DiskSource,
    make_sink: MakeSink = to_disk,
    *,
    index: LazyIndex | None = None,
) -> Engine:
    """Put an engine together over a folder, with its `index` if there is one already.

    What a killed process left half done is mended first; `recovered` of the engine tells it.
    Reading works also where nothing can be recorded; applying says then what is wrong.
    Raises: SettingsError.
    """
    journal = Journal(state_folder(source.root), source.root)
    recovered = _recovered(journal, source)
    workspace = Workspace(source)
    proposals = ProposalStack(workspace, Shelf(journal))
    proposals.load()
    if index is None:
        index = LazyIndex(source.root, index_database(source.root) if settings.index else None)
    sink = make_sink(workspace, DiskSink(source, lock=journal.writing))
    return Engine(
        workspace=workspace,
        tools=Discovered(),
        types=JediOracle(source.root),
        programs=BundledPrograms(),
        runner=make_runner(cache_folder()),
        applier=Applier(workspace, IndexedSink(sink, index), journal),
        index=index,
        reads_ahead=settings.index,
        proposals=proposals,
        make_model=model_maker(settings),
        audit=AuditTrail(AuditLog(audit_folder(source.root))),
        policy=policy_of(settings),
        fetcher=LazyFetcher(),
        searcher=LazySearcher(settings.search_url) if settings.search_url else None,
        max_steps=settings.max_steps,
        approval_timeout_s=settings.approval_timeout_s,
        recovered=recovered,
    )


def build_disk_engine(settings: Settings, root: Path) -> Engine:
    """Put an engine together that works on the files below `root`, with no editor attached.

    Raises: NotFound if there is no such folder; SettingsError.
    """
    return build_engine(settings, DiskSource(root))


def _recovered(journal: Journal, source: DiskSource) -> tuple[Recovered, ...]:
    try:
        return recover(journal, source)
    except ExpectedError as error:
        logger.warning("what an earlier process left half done cannot be mended: %s", error)
        return ()
