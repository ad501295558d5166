"""A work-done progress display in the editor, where it has one."""

import asyncio
import uuid

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.server import AgentServer

CREATE_TIMEOUT_S = 5.0


class Progress:
    """One display, from `begin` to `end`. Without the client's ability all of it is silent."""

    def __init__(self, server: AgentServer) -> None:
        """Make a display with a token of its own; nothing is shown yet."""
        self._server = server
        self.token = f"lsp-agent-{uuid.uuid4().hex[:12]}"
        self._is_shown = False

    @property
    def is_shown(self) -> bool:
        """Whether the editor shows it, so that no message is needed at the end."""
        return self._is_shown

    async def begin(self, title: str, *, percentage: int | None = None) -> None:
        """Ask the editor for a display and start it; with a percentage if there will be some."""
        if not self._server.connection.abilities.shows_progress:
            return
        create = lsp.WorkDoneProgressCreateParams(token=self.token)
        try:
            async with asyncio.timeout(CREATE_TIMEOUT_S):
                await self._server.window_work_done_progress_create_async(create)
        except (TimeoutError, JsonRpcException):
            return  # The display is a courtesy: the work goes on without it.
        self._is_shown = True
        begin = lsp.WorkDoneProgressBegin(title=title, cancellable=True, percentage=percentage)
        self._send(begin)

    def report(self, message: str, *, percentage: int | None = None) -> None:
        """Show what is being done now, and how far it is."""
        report = lsp.WorkDoneProgressReport(
            message=message, cancellable=True, percentage=percentage
        )
        self._send(report)

    def end(self, message: str) -> None:
        """Close the display with a last word."""
        self._send(lsp.WorkDoneProgressEnd(message=message))
        self._is_shown = False

    def _send(
        self,
        value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport | lsp.WorkDoneProgressEnd,
    ) -> None:
        if self._is_shown:
            params = lsp.ProgressParams(token=self.token, value=value)
            self._server.wire.notify(lsp.PROGRESS, params)
