"""Showing one task to the person: its progress, its questions, and how it ended."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import assert_never

from lsprotocol import types as lsp

from lsp_agent.agent.events import (
    Applied,
    ApprovalRequested,
    ApprovalResolved,
    CommandFinished,
    ConflictFound,
    Event,
    GoalChecked,
    Outcome,
    Proposed,
    TextWritten,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
    Warned,
)
from lsp_agent.engine.protocol import Work
from lsp_agent.server.progress import Progress
from lsp_agent.server.questions import Questions
from lsp_agent.server.server import AgentServer
from lsp_agent.server.sessions import TaskSession

ShowAnswer = Callable[[str], Awaitable[None]]


class Rendering:
    """Shows one task, whose work may be several turns of one session."""

    def __init__(
        self, server: AgentServer, progress: Progress, show_answer: ShowAnswer | None
    ) -> None:
        """Show on `progress`; `show_answer` shows the model's words, where they count."""
        self._server = server
        self._progress = progress
        self._show_answer = show_answer
        self._questions = Questions(server)
        self.proposed: Proposed | None = None
        """The proposal that the task has made."""

    async def follow(self, session: TaskSession, work: Work) -> TurnFinished:
        """Do the work and show its events; give the last one."""
        finished: TurnFinished | None = None
        async with aclosing(session.run(work)) as events:
            async for event in events:
                if isinstance(event, TurnFinished):
                    finished = event
                elif isinstance(event, TurnStarted):
                    by = f" ({event.model})" if event.model else ""
                    await self.begin(event.title + by)
                else:
                    self._render(event, session)
        assert finished is not None, "a session always ends with TurnFinished"
        return finished

    async def begin(self, title: str) -> None:
        """Open the display, if it is not open yet."""
        if not self._progress.is_shown:
            await self._progress.begin(title)

    async def finish(self, finished: TurnFinished) -> None:
        """Show how it ended: quietly if well, by a message if not."""
        if finished.outcome is not Outcome.DONE:
            self.fail(finished.text)
            return
        had_display = self.end(finished.text)
        if self._show_answer is not None:
            await self._show_answer(finished.text)
        elif not had_display:
            self._server.show(lsp.MessageType.Info, _first_line(finished.text))

    def end(self, text: str) -> bool:
        """Close the display with a last word, and tell whether there was one."""
        had_display = self._progress.is_shown
        self._progress.end(_first_line(text))
        return had_display

    def fail(self, text: str) -> None:
        """Say that it did not work out, and why."""
        self.end(text)
        self._server.show(lsp.MessageType.Warning, text)

    def _render(self, event: Event, session: TaskSession) -> None:
        match event:
            case ToolStarted(call=call):
                self._progress.report(f"{call.name} {call.arguments.get('path', '')}".strip())
            case GoalChecked():
                self._progress.report(event.detail)
            case Proposed():
                self.proposed = event
            case ApprovalRequested() | ApprovalResolved():
                self._questions.take(event, session)
            case Warned(message=message):
                self._server.show(lsp.MessageType.Warning, message)
            case ConflictFound():
                # The task's end, which is a message, names the first of them; the log has all.
                self._log(f"left as it is: {_place(event.path, event.line_number)}: {event.reason}")
            case CommandFinished():
                self._progress.report(f"the command ended with exit code {event.exit_code}")
                for note in event.notes:
                    self._server.show(lsp.MessageType.Warning, note)
            case TextWritten() | ToolFinished() | Applied() | TurnStarted() | TurnFinished():
                pass
            case _:
                assert_never(event)

    def _log(self, text: str) -> None:
        params = lsp.LogMessageParams(type=lsp.MessageType.Warning, message=text)
        self._server.window_log_message(params)


def _place(path: Path, line_number: int | None) -> str:
    return str(path) if line_number is None else f"{path}:{line_number}"


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]
