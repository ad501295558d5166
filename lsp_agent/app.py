"""The composition root: the only place where the parts are put together."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from lsp_agent.audit.log import AuditLog
from lsp_agent.audit.trail import AuditTrail
from lsp_agent.config.settings import (
    Settings,
    cache_folder,
    index_database,
    settings_file,
    state_folder,
    user_state_folder,
)
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.judging import LineJudge
from lsp_agent.engine.stack import ProposalStack
from lsp_agent.engine.standing import Sources, Standing
from lsp_agent.engine.waiting import WaitingList
from lsp_agent.hooks.hooks import FILE_NAME as HOOKS_NAME
from lsp_agent.hooks.hooks import Agreed, Hooks, HookSources
from lsp_agent.models.port import Model
from lsp_agent.models.providers import Credentials, choose_model, create_model
from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.rule_files import RuleBook
from lsp_agent.permissions.shell.disk_world import DiskWorld
from lsp_agent.sandbox.runner import make_runner
from lsp_agent.sandbox.running import command_path
from lsp_agent.secrets.configured import publishing_of, redactor_of
from lsp_agent.trust.store import TrustStore
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

PROJECT_FOLDER = ".lsp-agent"
RULES_NAME = "rules.toml"
TRUST_HINT = "`lsp-agent trust grant` shows them and asks"

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


def rule_book(root: Path) -> RuleBook:
    """Give the rules of the user and of the project at `root`."""
    user_file = settings_file().parent / RULES_NAME
    return RuleBook(user_file, root / PROJECT_FOLDER / RULES_NAME, root)


def trust_store(settings: Settings) -> TrustStore:
    """Give the user's word on folders.

    Raises: SettingsError.
    """
    return TrustStore(user_state_folder(), settings.trusted_folders)


def make_hooks(settings: Settings, root: Path) -> Hooks:
    """Give the hooks of the user, and those of the project at `root` that were agreed to.

    Raises: SettingsError.
    """
    trust = trust_store(settings)
    return Hooks(
        HookSources(
            user_file=settings_file().parent / HOOKS_NAME,
            root=root,
            agreed=lambda: _agreed_hooks(trust, root),
        )
    )


def _agreed_hooks(trust: TrustStore, root: Path) -> Agreed:
    """Give the project's hooks as the user has agreed to them."""
    name = f"{PROJECT_FOLDER}/{HOOKS_NAME}"
    view = trust.look(root)
    power = next((power for power in view.powers if power.name == name), None)
    if power is None:
        return Agreed()
    if view.trust is Trust.TRUSTED and power in view.active:
        return Agreed(text=power.definition)
    why = "nobody has agreed to them as they are now"
    return Agreed(pending=f"the hooks of {name} do not count: {power.problem or why}; {TRUST_HINT}")


def waiting_list(root: Path) -> WaitingList:
    """Give what was denied in the workspace at `root` for lack of a person.

    Raises: SettingsError.
    """
    return WaitingList(state_folder(root))


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
    runner = make_runner(cache_folder(), hosts=settings.allowed_hosts)
    redactor = redactor_of(settings)
    sink = make_sink(workspace, DiskSink(source, lock=journal.writing))
    return Engine(
        workspace=workspace,
        tools=Discovered(),
        types=JediOracle(source.root),
        programs=BundledPrograms(source.root),
        runner=runner,
        applier=Applier(workspace, IndexedSink(sink, index), journal),
        index=index,
        reads_ahead=settings.index,
        proposals=proposals,
        make_model=model_maker(settings),
        audit=AuditTrail(AuditLog(audit_folder(source.root)), redactor.hide_in_object),
        standing=Standing(
            Sources(
                root=source.root,
                level=Level(settings.level),
                allow=settings.allow,
                book=rule_book(source.root),
                trust=trust_store(settings),
                confined=runner,
            )
        ),
        hooks=make_hooks(settings, source.root),
        lines=LineJudge(root=source.root, world=DiskWorld(command_path())),
        waiting=waiting_list(source.root),
        redactor=redactor,
        shows_secrets=settings.show_secrets,
        publishing=publishing_of(settings),
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
