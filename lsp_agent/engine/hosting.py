"""The one door to the tools, as a session over an engine has it: judged and written down."""

from dataclasses import dataclass

from lsp_agent.audit.auditing import Auditor
from lsp_agent.engine.approvals import ApprovalGate, Approvals
from lsp_agent.engine.engine import Engine
from lsp_agent.permissions.decision import Policy
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.ports import Records
from mcp_tools.types.jobs import Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedSession:
    """What is one session's own, and not of the whole engine."""

    id: str
    who: str
    """Who makes the calls, for the audit log."""
    policy: Policy
    approvals: Approvals
    jobs: Jobs
    records: Records | None = None


def make_host(engine: Engine, session: HostedSession) -> ToolHost:
    """Give the host of a session; what it has read is remembered there."""
    root = engine.workspace.root
    auditor = Auditor(trail=engine.audit, root=root, session_id=session.id, who=session.who)
    ports = HostPorts(
        programs=engine.programs,
        gate=auditor.over(ApprovalGate(session.approvals, root, session.policy)),
        applier=engine.applier,
        observers=(auditor,),
        make_codebase=engine.index.view,
        jobs=session.jobs,
        fetcher=engine.fetcher,
        searcher=engine.searcher,
        records=session.records,
    )
    return ToolHost(engine.workspace, engine.tools, ports, session_id=session.id)
