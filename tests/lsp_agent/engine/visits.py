"""Guests over real workspaces in temporary folders, with real tools and state."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lsp_agent.agent.questions import AnswerKind, title_of
from lsp_agent.app import build_disk_engine
from lsp_agent.config.settings import settings_of
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.guests import Guest
from mcp_tools.server.ports import Caller
from mcp_tools.types.attending import NOBODY, Attendant, Progress, Question, Reply
from mcp_tools.types.calls import ToolCall, ToolResult
from mcp_tools.types.json import JsonValue
from tests.support.trusting import trust

ALLOW, FOR_SESSION, DENY = (
    title_of(answer, ()) for answer in (AnswerKind.ONCE, AnswerKind.SESSION, AnswerKind.DENY)
)
"""The names of answers, as a client shows them."""

LIMIT_S = 20.0
"""A net; no test waits for it to run out."""


def engine_at(root: Path, **values: object) -> Engine:
    """Open a trusted workspace with these settings; the index is not built ahead."""
    trust(root)
    return build_disk_engine(settings_of({"index": False, **values}, "the test"), root)


@dataclass
class Asked:
    """A person who always answers the same, and remembers the questions."""

    answer: str | None
    word: str = ""
    questions: list[Question] = field(default_factory=list[Question])
    reports: list[Progress] = field(default_factory=list[Progress])

    async def ask(self, question: Question) -> Reply | None:
        """Answer."""
        self.questions.append(question)
        await asyncio.sleep(0)
        return None if self.answer is None else Reply(self.answer, self.word)

    @property
    def attendant(self) -> Attendant:
        """Who waits for a call, and can be asked."""
        return Attendant(report=self.reports.append, person=self, can_ask=True)


@dataclass
class Visit:
    """One guest at one workspace."""

    engine: Engine
    guest: Guest
    n_calls: int = 0

    @property
    def root(self) -> Path:
        """The workspace."""
        return self.engine.workspace.root

    async def call(
        self, name: str, attendant: Attendant = NOBODY, **arguments: JsonValue
    ) -> ToolResult:
        """Call a tool."""
        self.n_calls += 1
        call = ToolCall(id=f"call-{self.n_calls}", name=name, arguments=arguments)
        async with asyncio.timeout(LIMIT_S):
            return await self.guest.call(call, attendant)

    async def edit(self, old: str, new: str, *, name: str = "a.py") -> ToolResult:
        """Read a file and replace a piece of its text."""
        await self.call("read_file", path=name)
        return await self.call("edit_file", path=name, old_string=old, new_string=new)

    def on_disk(self, name: str = "a.py") -> str:
        """Give the saved text."""
        return (self.root / name).read_text(encoding="utf-8")


@contextmanager
def visiting(root: Path, **values: object) -> Generator[Visit]:
    """Give a guest at a workspace."""
    engine = engine_at(root, **values)
    try:
        yield Visit(engine, Guest(engine, Caller(id="c", name="test client")))
    finally:
        engine.close()
