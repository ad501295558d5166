"""The hooks as one session fires them: what is the same for all of its events is known here."""

import asyncio
from collections.abc import Callable

from lsp_agent.agent.events import Warned
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.hooking.judges import EngineJudges
from lsp_agent.engine.spelling import one_line, spelled
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.firing import Heard, Said, fire
from lsp_agent.hooks.hook import Occasion
from lsp_agent.hooks.payloads import Payload

MAX_TEXT_CHARS = 20_000
"""Of a result or an output that a hook is told."""
_REFRESH_S = 1.0


class SessionHooks:
    """Fires events for one session; where there is no hook for one, next to nothing happens."""

    def __init__(
        self, engine: Engine, *, session_id: str, client: str, emit: Emit | None = None
    ) -> None:
        """Fire for the session of `client`, and tell of hooks that fail by `emit`, if given."""
        self.engine = engine
        self.client = client
        self.pending: tuple[Said, ...] = ()
        """What the model is to be told with the next that it is told."""
        self._session_id = session_id
        self._emit = emit
        self._refreshed_at = -_REFRESH_S
        self._tasks: set[asyncio.Task[object]] = set()

    def refresh(self) -> None:
        """Take up what has changed in files and in trust; at most once a second."""
        now = asyncio.get_running_loop().time()
        if now - self._refreshed_at >= _REFRESH_S:
            self._refreshed_at = now
            self.engine.hooks.refresh()

    def has(self, *events: HookEvent) -> bool:
        """Tell whether there is a hook for one of these events."""
        return any(map(self.engine.hooks.of, events))

    async def fire(self, event: HookEvent, describe: Callable[[], Payload]) -> Heard | None:
        """Run the hooks of an event; None if there is none, and then nothing is described."""
        hooks = self.engine.hooks.of(event)
        if not hooks:
            return None
        occasion = Occasion(
            event=event,
            payload=describe(),
            session_id=self._session_id,
            root=self.engine.workspace.root,
            judges=EngineJudges(self.engine),
        )
        wanted = [hook for hook in hooks if hook.is_for(occasion)]
        if not wanted:
            return None
        heard = await fire(wanted, occasion)
        # A notification about a hook of notifications would never end.
        if self._emit is not None and event is not HookEvent.NOTIFICATION:
            for failure in heard.failures:
                self._emit(Warned(one_line(str(failure))))
        return heard

    def fire_later(self, event: HookEvent, describe: Callable[[], Payload]) -> None:
        """Run the hooks of an event that they can only watch, while work goes on."""
        if self.has(event):
            task = asyncio.create_task(self.fire(event, describe))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def take_pending(self) -> tuple[Said, ...]:
        """Give what the model is to be told; the next one gets nothing of it."""
        pending, self.pending = self.pending, ()
        return pending

    async def finish(self) -> None:
        """Wait for what was fired to run later; when this is cancelled, so is that."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


def denial_of(heard: Heard | None) -> str:
    """Say why something must not happen, as a person may read it; empty if it may."""
    return "" if heard is None else one_line(heard.denial)


def question_of(heard: Heard | None) -> str:
    """Say why a person is to be asked, as they may read it; empty if not."""
    return "" if heard is None else one_line(heard.question)


def with_context(text: str, contexts: tuple[Said, ...]) -> str:
    """Add what hooks want a model to know, marked as theirs."""
    return "\n\n".join((text, *map(_framed, contexts)))


def shortened_start(text: str) -> str:
    """Give the start of a long text."""
    return text[:MAX_TEXT_CHARS]


def shortened_end(text: str) -> str:
    """Give the end of a long text."""
    return text[-MAX_TEXT_CHARS:]


def _framed(said: Said) -> str:
    # What a hook says cannot end the element that it stands in.
    words = spelled(said.text).replace("</hook", "<\\/hook")
    return f"<hook name={said.hook!r}>\n{words}\n</hook>"
