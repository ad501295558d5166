"""The loop by itself: a host over a folder, tools of the test's own, and the scripted model."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from lsp_agent.agent.events import Event
from lsp_agent.agent.history import History
from lsp_agent.agent.loop import Agent, Turn, run_turn
from lsp_agent.agent.ports import Goal
from lsp_agent.config.settings import state_folder
from lsp_agent.engine.approvals import Approvals
from lsp_agent.models.port import Model, ToolSpec
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.registry import discover
from mcp_tools.types.calls import Answer, Tool, ToolContext
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Workspace
from tests.support.gates import gate_at


class Nothing(BaseModel):
    """Takes and gives nothing."""

    model_config = ConfigDict(extra="forbid")


@dataclass
class Rig:
    """One conversation, and what it works on."""

    workspace: Workspace
    host: ToolHost
    history: History = field(default_factory=History)
    questions: list[Event] = field(default_factory=list[Event])

    def turn(self, model: Model, turn: Turn, *, max_steps: int = 10) -> AsyncGenerator[Event, None]:
        """Start on one prompt."""
        tools = tuple(
            ToolSpec(name=tool.name, description=tool.title, input_schema={"type": "object"})
            for tool in self.host.tools
        )
        agent = Agent(
            model=model, host=self.host, system="Be brief.", tools=tools, max_steps=max_steps
        )
        return run_turn(agent, self.history, turn)


def rig_at(root: Path, *tools: Tool) -> Rig:
    """Set up a host over a folder, with our tools and `tools`; nobody is there to be asked."""
    source = DiskSource(root)
    workspace = Workspace(source)
    questions: list[Event] = []
    journal = Journal(state_folder(source.root), source.root)
    gate = gate_at(source.root, Approvals(questions.append, timeout_s=0.001))
    applier = Applier(workspace, DiskSink(source, lock=journal.writing), journal)
    ports = HostPorts(programs=BundledPrograms(), gate=gate, applier=applier)
    host = ToolHost(workspace, (*discover(), *tools), ports, session_id="s")
    return Rig(workspace=workspace, host=host, questions=questions)


def tool(name: str, run: Callable[[], Awaitable[str]], *, is_concurrency_safe: bool = True) -> Tool:
    """Give a tool without arguments that says what `run` gives."""

    async def answer(_context: ToolContext, _arguments: Nothing) -> Answer:
        return Answer(text=await run(), data=Nothing())

    return Tool(
        name=name,
        title=name,
        description=name,
        input_model=Nothing,
        output_model=Nothing,
        run=answer,
        is_concurrency_safe=is_concurrency_safe,
    )


def prompt(text: str = "Please", *, goal: Goal | None = None) -> Turn:
    """Give a turn that has not begun."""
    return Turn(prompt=text, proposal_id="p", goal=goal)


async def first(n: int, events: AsyncGenerator[Event, None]) -> list[Event]:
    """Take so many events and close the rest."""
    taken: list[Event] = []
    async with aclosing(events):
        if n == 0:
            return taken
        async for event in events:
            taken.append(event)
            if len(taken) == n:
                break
    return taken
