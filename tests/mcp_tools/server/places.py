"""Real roots to serve: a real tool host over folders of a test, for any number of callers."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mcp import Client
from mcp.server.lowlevel.server import Server
from pydantic import BaseModel, ConfigDict, Field

from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.index.index import Index
from mcp_tools.registry import discover
from mcp_tools.server.code_server import CodeServer
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.ports import Caller, CallRecord, OnChange, Workplaces
from mcp_tools.server.server import make_server
from mcp_tools.server.state import ServerState
from mcp_tools.types.attending import Attendant, Progress, Question
from mcp_tools.types.calls import (
    Answer,
    Attachment,
    CallEffect,
    EditEffect,
    Effect,
    Profile,
    Ruling,
    Tool,
    ToolCall,
    ToolContext,
    ToolResult,
    Verdict,
)
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import Denied, OutsideWorkspace
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import SetBuffer, Workspace

TIMEOUT_S = 5.0
LEGACY = "legacy"
MODERN = "2026-07-28"
ERAS = (LEGACY, MODERN)


# ------------------------------------------------------------------ tools of the tests


class Nothing(BaseModel):
    """No arguments."""

    model_config = ConfigDict(extra="forbid")


class Words(BaseModel):
    """Some text."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(default="", description="what to say", max_length=20_000_000)


class Said(BaseModel):
    """A text."""

    text: str


@dataclass
class Stage:
    """What the tests' own tools do, and have done."""

    started: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    """How each call of `wait` ended: `done` or `cancelled`."""
    is_going: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a call of `wait` has started."""
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    """Lets the calls of `wait` end."""
    full: int = 1
    is_full: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when `full` calls of `wait` run at once."""
    n_running: int = 0
    most_running: int = 0

    def tools(self) -> tuple[Tool, ...]:
        """Give the tests' own tools, sorted by name."""
        return (
            _tool("ask", self._ask, Words),
            _tool("echo", self._echo, Words),
            _tool("fail", self._fail, Nothing),
            _tool("picture", self._picture, Nothing),
            _tool("print", self._print, Words),
            _tool("steps", self._steps, Nothing),
            _tool("wait", self._wait, Words),
        )

    async def _echo(self, context: ToolContext, arguments: Words) -> Answer:
        del context
        return _answer(arguments.text)

    async def _wait(self, context: ToolContext, arguments: Words) -> Answer:
        del context
        self.started.append(arguments.text)
        self.n_running += 1
        self.most_running = max(self.most_running, self.n_running)
        self.is_going.set()
        if self.n_running >= self.full:
            self.is_full.set()
        try:
            await self.go.wait()
            self.ended.append("done")
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        finally:
            self.n_running -= 1
            self.has_ended.set()
        return _answer(arguments.text)

    async def _ask(self, context: ToolContext, arguments: Words) -> Answer:
        """Ask for a name, then whether it is meant."""
        self.started.append(arguments.text)
        attendant = context.attendant
        if not attendant.can_ask:
            raise Denied("there is no way to ask")
        try:
            name = await attendant.person.ask(Question(text="Your name?"))
            if name is None:
                raise Denied("no name was given")
            sure = Question(text="Sure?", detail=name.text, choices=("yes", "no"))
            reply = await attendant.person.ask(sure)
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            self.has_ended.set()
            raise
        return _answer(f"{name.text}: {reply.text if reply else 'no answer'}")

    async def _steps(self, context: ToolContext, arguments: Nothing) -> Answer:
        """Report a hundred steps, half of them from another thread."""
        del arguments

        def report(steps: range) -> None:
            for step in steps:
                context.attendant.report(Progress(done=step, total=100, message=f"step {step}"))

        report(range(1, 51))
        thread = threading.Thread(target=report, args=(range(51, 101),))
        await asyncio.to_thread(lambda: (thread.start(), thread.join()))
        return _answer("done")

    async def _picture(self, context: ToolContext, arguments: Nothing) -> Answer:
        del context, arguments
        attachments = (
            Attachment(mime_type="image/png", content=b"\x89PNG"),
            Attachment(mime_type="audio/wav", content=b"RIFF"),
            Attachment(mime_type="application/pdf", content=b"%PDF", uri="file:///a.pdf"),
        )
        return Answer(text="a picture", data=Said(text="a picture"), attachments=attachments)

    async def _print(self, context: ToolContext, arguments: Words) -> Answer:
        """Print, as a careless library and a careless child process do."""
        del context
        sys.stdout.write(f"{arguments.text} of Python\n")
        sys.stdout.flush()
        command = ["/bin/sh", "-c", f"cat; echo {arguments.text} of a child"]
        await asyncio.to_thread(subprocess.run, command, check=True)
        return _answer("printed")

    async def _fail(self, context: ToolContext, arguments: Nothing) -> Answer:
        del context, arguments
        raise RuntimeError("a secret of the inside")


def _tool(name: str, run: Callable[..., object], input_model: type[BaseModel]) -> Tool:
    return Tool(
        name=name,
        title=name.capitalize(),
        description=f"The tests' own {name}.",
        input_model=input_model,
        output_model=Said,
        run=run,  # type: ignore[arg-type]  # each takes its own input model
    )


def _answer(text: str) -> Answer:
    return Answer(text=text, data=Said(text=text))


# ------------------------------------------------------------------ roots and callers


class OpenGate:
    """Allows everything."""

    async def judge(self, effect: Effect) -> Ruling:
        """Allow it."""
        return Ruling(verdict=Verdict.ALLOW, reason="allowed by the test")


@dataclass
class AskingGate:
    """Asks the person who waits for the call before an edit, and denies without a yes."""

    attendant: Callable[[str], Attendant]

    async def judge(self, effect: Effect) -> Ruling:
        """Allow calls, and ask about edits."""
        match effect:
            case CallEffect():
                return Ruling(verdict=Verdict.ALLOW, reason="allowed by the test")
            case EditEffect(call=call):
                question = Question(text=f"Allow {call.name}?", choices=("yes", "no"))
                reply = await self.attendant(call.id).person.ask(question)
        if reply is not None and reply.text == "yes":
            return Ruling(verdict=Verdict.ALLOW, reason="the person said yes")
        return Ruling(verdict=Verdict.DENY, reason="nobody said yes; start it with --allow edits")


@dataclass
class Place:
    """One root as one caller works in it."""

    workspace: Workspace
    index: Index
    host: ToolHost
    kept: list[CallRecord] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """The root."""
        return self.workspace.root

    def snapshot(self) -> SnapshotView:
        """What the caller sees."""
        return self.workspace.snapshot("p")

    def codebase(self) -> CodebaseView:
        """What is known about the code."""
        return self.index.view(self.snapshot())

    def hide(self, text: str) -> str:
        """Nothing is secret here but one word."""
        return text.replace("hush-hush", "[hidden]")

    async def call(self, call: ToolCall, attendant: Attendant) -> ToolResult:
        """Run one tool through the real host."""
        result = await self.host.call(call, proposal_id="p", attendant=attendant)
        record = CallRecord(
            id=call.id, tool=call.name, is_error=result.is_error, output=result.text
        )
        self.kept.insert(0, record)
        return result

    def records(self) -> tuple[CallRecord, ...]:
        """The calls so far, the newest first."""
        return tuple(self.kept)


@dataclass
class Places:
    """Implements Workplaces over folders: one workspace a root, one host a caller and root."""

    folders: tuple[Path, ...]
    tools: Sequence[Tool]
    is_asking: bool = False
    """Edits are asked about; otherwise everything is allowed."""
    left: list[str] = field(default_factory=list)
    """The ids of the callers who left."""
    cut_off_for: list[str] = field(default_factory=list)
    """Why callers were cut off."""
    _open: dict[tuple[str, Path], Place] = field(default_factory=dict)
    _workspaces: dict[Path, Workspace] = field(default_factory=dict)
    _indexes: dict[Path, Index] = field(default_factory=dict)
    _followers: list[OnChange] = field(default_factory=list)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The roots."""
        return tuple(folder.resolve() for folder in self.folders)

    @property
    def callers(self) -> set[str]:
        """The ids of those who have a place."""
        return {caller_id for caller_id, _ in self._open}

    async def at(self, caller: Caller, root: Path) -> Place:
        """Give a caller its place."""
        if root not in self.roots:
            raise OutsideWorkspace(f"{root} is not served")
        key = (caller.id, root)
        if key not in self._open:
            self._open[key] = self._place(root)
        return self._open[key]

    async def leave(self, caller: Caller) -> None:
        """Forget a caller."""
        self.left.append(caller.id)
        for key in [key for key in self._open if key[0] == caller.id]:
            del self._open[key]

    async def cut_off(self, caller: Caller, reason: str) -> None:
        """Forget a caller, and note why."""
        self.cut_off_for.append(reason)
        await self.leave(caller)

    def follow(self, on_change: OnChange) -> Callable[[], None]:
        """Tell of changes made by `change`."""
        self._followers.append(on_change)
        return lambda: self._followers.remove(on_change)

    @property
    def n_followers(self) -> int:
        """How many want to know of changes."""
        return len(self._followers)

    def change(self, root: Path, *names: str) -> None:
        """Say that files below a root have changed."""
        for follower in list(self._followers):
            follower(root, frozenset(root / name for name in names))

    def type_in_editor(self, path: Path, text: str) -> None:
        """Let an editor have a file open with this text, not saved."""
        root = next(root for root in self.roots if path.is_relative_to(root))
        self._workspace(root).apply(SetBuffer(path=path, text=text, version=1))

    async def close(self) -> None:
        """Forget all callers."""
        self._open.clear()

    def _workspace(self, root: Path) -> Workspace:
        if root not in self._workspaces:
            self._workspaces[root] = Workspace(DiskSource(root))
        return self._workspaces[root]

    def _index(self, root: Path) -> Index:
        if root not in self._indexes:
            self._indexes[root] = Index(root, None, n_workers=0)
            self._indexes[root].build()
        return self._indexes[root]

    def _place(self, root: Path) -> Place:
        workspace = self._workspace(root)
        index = self._index(root)
        journal = Journal(root.parent / "state", root)
        ports = HostPorts(
            programs=BundledPrograms(),
            gate=AskingGate(lambda call_id: host.attendant(call_id))
            if self.is_asking
            else OpenGate(),
            applier=Applier(workspace, DiskSink(DiskSource(root), lock=journal.writing), journal),
            make_codebase=index.view,
        )
        host = ToolHost(workspace, self.tools, ports, session_id="s")
        return Place(workspace=workspace, index=index, host=host)


FILES = {
    "app.py": "from shop import price\n\n\ndef total() -> int:\n    return price() * 2\n",
    "shop.py": "def price() -> int:\n    return 21\n",
    "notes.txt": "one\ntwo\n",
}


@dataclass
class Set:
    """A server over real folders, with all that a test may want to look at."""

    server: CodeServer
    places: Places
    stage: Stage

    @property
    def root(self) -> Path:
        """The first root."""
        return self.places.roots[0]


def serve(folder: Path, *, names: Sequence[str] = ("project",), is_asking: bool = False) -> Set:
    """Make a server over new folders below `folder`, one a name, each with FILES."""
    for name in names:
        for file, text in FILES.items():
            path = folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
    stage = Stage()
    tools = tuple(sorted((*discover(), *stage.tools()), key=lambda tool: tool.name))
    places = Places(tuple(folder / name for name in names), tools, is_asking=is_asking)
    served: Workplaces = places
    server = make_server(served, ServerOptions(version="1", profile=Profile.FULL))
    return Set(server=server, places=places, stage=stage)


@asynccontextmanager
async def client_of(server: Server[ServerState], mode: str) -> AsyncGenerator[Client]:
    """Connect in memory, in an era, without any way to ask a person."""
    async with asyncio.timeout(TIMEOUT_S), Client(server, mode=mode) as client:
        yield client
