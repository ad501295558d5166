"""Hooks around a session and its work: beginning, prompts, decisions, ends."""

import asyncio
from contextlib import suppress

from lsp_agent.agent.events import Applied, Event, Outcome, TurnFinished, Warned
from lsp_agent.engine.hooking.session_hooks import SessionHooks, denial_of, with_context
from lsp_agent.engine.hooking.tools import edit_seen
from lsp_agent.engine.protocol import Ask, Reject, Work
from lsp_agent.engine.tasks import Task, title
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.payloads import EditSeen, Notified, PromptGiven, SessionSeen, WorkEnded
from mcp_tools.types.errors import Denied

_FAULTS = frozenset({Outcome.FAILED, Outcome.MODEL_UNAVAILABLE})


class WorkHooks:
    """Fires the events of one session that are not about tools, models or commands."""

    def __init__(self, session: SessionHooks) -> None:
        """Fire by `session`; it has not begun yet."""
        self._session = session
        self._is_begun = False

    async def begun(self) -> None:
        """Take it that something is about to be done; the session begins with the first."""
        self._session.refresh()
        if not self._is_begun:
            self._is_begun = True
            heard = await self._session.fire(HookEvent.SESSION_START, self._seen)
            self._session.pending = () if heard is None else heard.contexts

    async def closed(self) -> None:
        """Take it that nothing more will be done."""
        if self._is_begun:
            self._is_begun = False
            await self._session.fire(HookEvent.SESSION_END, self._seen)

    async def prompted(self, task: Task) -> Task:
        """Give the task as hooks have changed it.

        Raises: Denied if one of them denies it.
        """
        workspace = self._session.engine.workspace
        text = task.text if isinstance(task, Ask) else title(task, workspace)
        heard = await self._session.fire(HookEvent.USER_PROMPT, lambda: PromptGiven(text=text))
        if heard is None:
            return task
        if denial := denial_of(heard):
            raise Denied(f"the task was not taken up: {denial}")
        self._session.pending += heard.contexts
        assert isinstance(heard.payload, PromptGiven)
        return Ask(heard.payload.text) if isinstance(task, Ask) else task

    async def built(self, prompt: str) -> str:
        """Give what the model is told of a task, with what hooks add to it."""
        heard = await self._session.fire(HookEvent.CONTEXT_BUILT, lambda: PromptGiven(text=prompt))
        contexts = self._session.take_pending() + (() if heard is None else heard.contexts)
        return with_context(prompt, contexts) if contexts else prompt

    def told(self, event: Event) -> None:
        """Take what the front end is told, for the events that are about it."""
        match event:
            case Applied(changes=changes, proposal_id=proposal_id):
                self._session.fire_later(
                    HookEvent.EDIT_APPLIED,
                    lambda: edit_seen(self._session, "", changes, proposal_id),
                )
            case Warned(message=message):
                self._session.fire_later(HookEvent.NOTIFICATION, lambda: Notified(message=message))
            case _:
                pass

    async def ended(self, work: Work, finished: TurnFinished) -> None:
        """Take it that a piece of work is over; who cancels this ends the hooks alone."""
        with suppress(asyncio.CancelledError):
            await self._session.finish()
            if isinstance(work, Reject) and finished.outcome is Outcome.DONE:
                await self._session.fire(HookEvent.EDIT_REJECTED, lambda: _rejected(work))
            for event in _ends(finished.outcome):
                await self._session.fire(
                    event, lambda: WorkEnded(outcome=finished.outcome, text=finished.text)
                )

    def _seen(self) -> SessionSeen:
        return SessionSeen(client=self._session.client)


def _ends(outcome: Outcome) -> tuple[HookEvent, ...]:
    if outcome is Outcome.DONE:
        return HookEvent.TASK_DONE, HookEvent.STOP
    return (HookEvent.ERROR, HookEvent.STOP) if outcome in _FAULTS else (HookEvent.STOP,)


def _rejected(work: Reject) -> EditSeen:
    return EditSeen(tool="", label="", paths=(), proposal_id=work.proposal_id)
