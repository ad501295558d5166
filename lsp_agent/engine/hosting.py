"""The one door to the tools, as a session over an engine has it: judged and written down."""

from dataclasses import dataclass

from lsp_agent.audit.auditing import Auditor
from lsp_agent.engine.approvals import Approvals
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.gating import ApprovalGate
from lsp_agent.engine.hiding import with_hiding
from lsp_agent.engine.hooking.session_hooks import SessionHooks
from lsp_agent.engine.hooking.tools import ToolHooks
from lsp_agent.engine.standing import Standing
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.ports import Records
from mcp_tools.types.jobs import Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedSession:
    """What is one session's own, and not of the whole engine."""

    id: str
    who: str
    """Who makes the calls, for the audit log."""
    standing: Standing
    approvals: Approvals
    jobs: Jobs
    hooks: SessionHooks
    records: Records | None = None
    origin: str = ""
    """The agent that asks, where it is not the one that the person talks to."""
    holds_edits: bool = False
    """Its edits are one proposal at the end, whatever the level."""
    is_lasting: bool = True
    """An answer may save a rule, or trust the folder."""


def make_host(engine: Engine, session: HostedSession) -> ToolHost:
    """Give the host of a session; what it has read is remembered there."""
    root = engine.workspace.root
    auditor = Auditor(trail=engine.audit, root=root, session_id=session.id, who=session.who)
    hooks = ToolHooks(session=session.hooks)
    gate = ApprovalGate(
        root=root,
        standing=session.standing,
        approvals=session.approvals,
        lines=engine.lines,
        waiting=engine.waiting,
        who=session.who,
        origin=session.origin,
        holds_edits=session.holds_edits,
        is_lasting=session.is_lasting,
        objector=hooks,
    )
    ports = HostPorts(
        programs=engine.programs,
        gate=auditor.over(hooks.over(gate)),
        applier=engine.applier,
        filters=with_hiding(engine, hooks),
        observers=(auditor,),
        make_codebase=engine.index.view,
        jobs=session.jobs,
        fetcher=engine.fetcher,
        searcher=engine.searcher,
        records=session.records,
        is_trusted=lambda: session.standing.is_trusted,
        publishing=engine.publishing,
    )
    return ToolHost(engine.workspace, engine.tools, ports, session_id=session.id)
