"""A session over a folder, with the scripted model behind real HTTP."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from lsp_agent.agent.events import ApprovalRequested, Event, Proposed, TurnFinished
from lsp_agent.agent.questions import AnswerKind
from lsp_agent.app import build_disk_engine
from lsp_agent.config.settings import LevelName, Settings
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Approve, Work
from lsp_agent.engine.session import Session
from lsp_agent.models.anthropic import AnthropicModel
from lsp_agent.models.port import Model
from lsp_agent.models.retrying import RetryingModel
from lsp_agent.testkit.script import Script
from lsp_agent.testkit.server import ScriptedModel
from mcp_tools.ports import Sink
from mcp_tools.types.calls import Tool
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.journal import Entry
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import SetBuffer
from tests.support.trusting import trust

MODEL = "claude-sonnet-5-5"
KEY = "sk-test-4711"
LIMIT_S = 5.0

ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class Seat:
    """One session at work, and what surrounds it."""

    root: Path
    server: ScriptedModel
    engine: Engine
    session: Session

    @property
    def held(self) -> set[str]:
        """The proposals that wait for review now; drafts are none."""
        return {proposal.id for proposal in self.engine.workspace.open_proposals()}

    @property
    def history(self) -> tuple[Entry, ...]:
        """The entries of the journal, newest first."""
        return self.engine.applier.journal.entries()

    @property
    def disk(self) -> Sink:
        """A way to the real files, for sinks that do something more."""
        lock = self.engine.applier.journal.writing
        return DiskSink(DiskSource(self.root), lock=lock)

    async def run(self, work: Work) -> list[Event]:
        """Do a piece of work to its end, in at most five seconds."""
        return await self.run_with(work, lambda _: None)

    async def run_with(self, work: Work, see: Callable[[Event], None]) -> list[Event]:
        """Do a piece of work and show each event to `see`, as a front end would."""
        seen: list[Event] = []
        async with asyncio.timeout(LIMIT_S), aclosing(self.session.run(work)) as events:
            async for event in events:
                seen.append(event)
                see(event)
        return seen

    def type_in_editor(self, name: str, text: str) -> None:
        """Let an editor have a file open with this text, not saved."""
        self.engine.workspace.apply(SetBuffer(path=self.root / name, text=text, version=1))

    def deny(self, event: Event) -> None:
        """Say no to whatever is asked."""
        if isinstance(event, ApprovalRequested):
            self.session.signal(Approve(request_id=event.request_id, answer=AnswerKind.DENY))

    def answer(self, event: Event, answer: AnswerKind, word: str = "") -> None:
        """Answer whatever is asked."""
        if isinstance(event, ApprovalRequested):
            approve = Approve(request_id=event.request_id, answer=answer, word=word, by="test")
            self.session.signal(approve)


@contextmanager
def seated(
    root: Path,
    script: Script | object,
    *,
    max_steps: int = 10,
    tools: Sequence[Tool] = (),
    level: LevelName = "suggest",
) -> Generator[Seat]:
    """Sit down before a trusted folder, with a model that plays `script`.

    `tools` come on top of ours.
    """
    trust(root)
    with ScriptedModel(script) as server:
        settings = Settings(
            model=MODEL, api_key=KEY, base_url=server.url, max_steps=max_steps, level=level
        )
        engine = build_disk_engine(settings, root)
        engine = replace(
            engine, make_model=lambda: model_at(server.url), tools=(*engine.tools, *tools)
        )
        try:
            yield seat_at(engine, server)
        finally:
            engine.close()


def seat_at(engine: Engine, server: ScriptedModel) -> Seat:
    """Start a new session of an engine."""
    root = engine.workspace.root
    return Seat(root=root, server=server, engine=engine, session=Session(engine))


@contextmanager
def restarted(seat: Seat) -> Generator[Seat]:
    """Give a seat of a new process, so to speak: of another engine over the same folders."""
    settings = Settings(model="offline")
    engine = build_disk_engine(settings, seat.root)
    try:
        yield seat_at(replace(engine, make_model=seat.engine.make_model), seat.server)
    finally:
        engine.close()


def with_sink(seat: Seat, sink: Sink) -> Seat:
    """Give another seat at the same workspace, whose accepted changes go to `sink`."""
    engine = seat.engine
    applier = Applier(engine.workspace, sink, engine.applier.journal)
    return seat_at(replace(engine, applier=applier), seat.server)


class EditorWithBuffers:
    """The least that an editor is: open files change in their buffers; implements Sink."""

    def __init__(self, seat: Seat) -> None:
        """Show the buffers of a seat's workspace; other files are on disk."""
        self._seat = seat

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Change the buffer of each open file."""
        workspace = self._seat.engine.workspace
        after = states_after(changes, workspace.snapshot().below_state)
        shut = tuple(c for c in changes.files if workspace.buffer(c.path) is None)
        await self._seat.disk.apply(replace(changes, files=shut), entry_id)
        for path, state in after.items():
            buffer = workspace.buffer(path)
            if buffer is not None:
                assert state is not None
                assert isinstance(state.content, str)
                version = (buffer.version or 0) + 1
                workspace.apply(SetBuffer(path=path, text=state.content, version=version))


def model_at(url: str, *, key: str = KEY, max_silence_s: float = LIMIT_S) -> Model:
    """Give the hosted model as the product makes it, but one that waits for nothing."""
    model = AnthropicModel(MODEL, api_key=key, base_url=url, max_silence_s=max_silence_s)
    return RetryingModel(model, sleep=_skip)


async def taken(events: AsyncGenerator[ItemT, None]) -> list[ItemT]:
    """Give all that a stream gives, in at most five seconds."""
    async with asyncio.timeout(LIMIT_S), aclosing(events):
        return [event async for event in events]


def finish_of(events: Sequence[Event]) -> TurnFinished:
    """Give how a turn ended; it is the last event, and the only one of its kind."""
    endings = [event for event in events if isinstance(event, TurnFinished)]
    assert len(endings) == 1
    assert events[-1] is endings[0]
    return endings[0]


def proposal_of(events: Sequence[Event]) -> Proposed:
    """Give the proposal of a turn, which must have made exactly one."""
    (proposed,) = [event for event in events if isinstance(event, Proposed)]
    return proposed


async def _skip(_seconds: float) -> None:
    await asyncio.sleep(0)
