"""Sessions of the server's tasks; all that they stand on is loaded with the first one."""

import importlib
from collections.abc import AsyncGenerator
from typing import Protocol

from lsp_agent.agent.events import Event
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Signal, Work


class TaskSession(Protocol):
    """What a task needs of a session; see `Session`."""

    def run(self, work: Work) -> AsyncGenerator[Event, None]:
        """Do a piece of work and tell of it; the last event is always `TurnFinished`."""
        ...

    def signal(self, signal: Signal) -> bool:
        """Take a signal, and tell whether it had an effect."""
        ...

    async def close(self) -> None:
        """Take it that no more work will come."""
        ...


def new_session(engine: Engine) -> TaskSession:
    """Begin a session."""
    session: TaskSession = importlib.import_module("lsp_agent.engine.session").Session(engine)
    return session
