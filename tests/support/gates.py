"""A real gate over real files of rules and trust, without the rest of an engine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.app import rule_book, waiting_list
from lsp_agent.config.settings import user_state_folder
from lsp_agent.engine.approvals import Approvals
from lsp_agent.engine.gating import ApprovalGate
from lsp_agent.engine.judging import LineJudge
from lsp_agent.engine.standing import Sources, Standing
from lsp_agent.permissions.levels import Level
from lsp_agent.permissions.shell.disk_world import DiskWorld
from lsp_agent.sandbox.running import command_path
from lsp_agent.trust.store import TrustStore


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that is there or not, as a test says."""

    reason: str = ""

    async def unconfined_reason(self) -> str:
        """Say why commands are not confined."""
        return self.reason


def standing_at(
    root: Path,
    level: Level = Level.SUGGEST,
    *,
    allow: tuple[str, ...] = (),
    sandbox: Sandbox = Sandbox(),
    is_away: Callable[[], bool] = lambda: False,
) -> Standing:
    """Give the live policy of a folder."""
    sources = Sources(
        root=root,
        level=level,
        allow=allow,
        book=rule_book(root),
        trust=TrustStore(user_state_folder()),
        confined=sandbox,
        is_away=is_away,
    )
    return Standing(sources)


def gate_at(root: Path, approvals: Approvals, standing: Standing | None = None) -> ApprovalGate:
    """Give the gate of a session at a folder."""
    return ApprovalGate(
        root=root,
        standing=standing or standing_at(root),
        approvals=approvals,
        lines=LineJudge(root=root, world=DiskWorld(command_path())),
        waiting=waiting_list(root),
        who="test",
    )
