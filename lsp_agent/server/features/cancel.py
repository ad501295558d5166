"""Stopping work: the command `lspAgent.cancel` and the cancel button of a progress display."""

import attrs
from lsprotocol import types as lsp

from lsp_agent.server.registration import command, feature
from lsp_agent.server.server import AgentServer


@attrs.define
class CancelParams:
    """Which task to stop; all of them without an id."""

    task_id: str | None = None


@command("lspAgent.cancel")
def cancel(server: AgentServer, params: CancelParams) -> dict[str, int]:
    """Interrupt a task, or all, and say how many there were."""
    return {"cancelled": server.desk.cancel(params.task_id)}


@feature(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)
def progress_cancel(server: AgentServer, params: lsp.WorkDoneProgressCancelParams) -> None:
    """Interrupt the task behind a progress display."""
    server.desk.cancel_by_token(params.token)
