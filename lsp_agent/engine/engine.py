"""What all sessions over one workspace share."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lsp_agent.audit.trail import AuditTrail
from lsp_agent.engine.judging import LineJudge
from lsp_agent.engine.stack import ProposalStack
from lsp_agent.engine.standing import Standing
from lsp_agent.engine.waiting import WaitingList
from lsp_agent.hooks.hooks import Hooks
from lsp_agent.models.port import Model
from lsp_agent.secrets.redactor import Redactor
from mcp_tools.index.lazy import CodeIndex
from mcp_tools.ports import Runner, TypeOracle
from mcp_tools.types.calls import Programs, Tool
from mcp_tools.types.publishing import UNRESTRICTED, Publishing
from mcp_tools.types.web import Fetcher, Searcher
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.recovery import Recovered
from mcp_tools.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The parts that a session works with, put together by the composition root."""

    workspace: Workspace
    tools: Sequence[Tool]
    programs: Programs
    runner: Runner
    applier: Applier
    """The way by which accepted proposals and undos become real; knows the journal."""
    index: CodeIndex
    """What is known about the code of the workspace; opened at its first use."""
    types: TypeOracle
    """Asked for a type that the code of the workspace does not tell."""
    proposals: ProposalStack
    """The proposals that wait for review, here and on the shelf."""
    make_model: Callable[[], Model]
    """Gives the configured model, or raises ModelError; called when a task needs it."""
    audit: AuditTrail
    """Where rulings and calls are written down."""
    standing: Standing
    """What happens without a question, as the user has chosen it by now."""
    lines: LineJudge
    hooks: Hooks
    """What the user, the project and plugins let happen when something happens here."""
    waiting: WaitingList
    """What was denied for lack of a person."""
    max_steps: int
    approval_timeout_s: float
    fetcher: Fetcher | None = None
    """The way to the network; None where there is none."""
    searcher: Searcher | None = None
    """The search engine that the user has named; None without one."""
    redactor: Redactor = field(default_factory=Redactor)
    """Hides credentials, in all that leaves the product."""
    shows_secrets: bool = False
    """Models and MCP clients see them nevertheless; what is written down and shown does not."""
    publishing: Publishing = UNRESTRICTED
    """The user's word on what goes out to others."""
    reads_ahead: bool = True
    """The index may read all code before anything is asked, and keep it."""
    recovered: tuple[Recovered, ...] = ()
    """What was mended at the start, because a process was killed in the middle of a change."""
    undoing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by an undo or redo, so that two of them never mean the same change."""

    def close(self) -> None:
        """Let go of journal and index; nothing may be done through this engine any more."""
        self.types.close()
        self.index.close()
        self.applier.journal.close()
        self.audit.close()
