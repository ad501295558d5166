"""A small code base that the tools on symbols are asked about."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.index.index import Index
from mcp_tools.types.calls import (
    Answer,
    Effect,
    Ruling,
    Tool,
    ToolContext,
    Verdict,
)
from mcp_tools.types.json import JsonValue
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Workspace
from tests.support.projects import project_files

TIMEOUT_S = 20.0

SHOP = project_files(
    '''
//- /shop/__init__.py
//- /shop/prices.py
"""What things cost."""

RATE = 0.2


def tax(amount: float) -> float:
    """Give the tax on an amount."""
    return amount * RATE


class Price:
    """An amount with its tax."""

    def __init__(self, amount: float) -> None:
        self.amount = amount

    def total(self) -> float:
        return self.amount + tax(self.amount)


class Reduced(Price):
    def total(self) -> float:
        return super().total() / 2
//- /shop/bills.py
from shop.prices import Price, tax


def bill(amounts: list[float]) -> float:
    prices = [Price(amount) for amount in amounts]
    return sum(price.total() for price in prices)


def fee() -> float:
    return tax(100.0) + tax(50.0)


def main() -> None:
    print(bill([1.0]), fee())
//- /notes.txt
tax
'''
)
"""Files by path."""


class OpenGate:
    """Allows everything."""

    async def judge(self, effect: Effect) -> Ruling:
        """Allow it."""
        return Ruling(verdict=Verdict.ALLOW, reason="a test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Asks tools about one code base."""

    workspace: Workspace
    index: Index

    @property
    def context(self) -> ToolContext:
        """What a tool sees."""
        snapshot = self.workspace.snapshot()
        return ToolContext(
            root=snapshot.root,
            snapshot=snapshot,
            programs=BundledPrograms(),
            make_codebase=self.index.view,
        )

    def host(self, tools: Sequence[Tool]) -> ToolHost:
        """Give a host that lets every call through."""
        source = DiskSource(self.workspace.root)
        journal = Journal(self.workspace.root.parent / "state", self.workspace.root)
        sink = DiskSink(source, lock=journal.writing)
        ports = HostPorts(
            programs=BundledPrograms(),
            gate=OpenGate(),
            applier=Applier(self.workspace, sink, journal),
            make_codebase=self.index.view,
        )
        return ToolHost(self.workspace, tools, ports, session_id="s")

    async def ask(self, tool: Tool, **arguments: JsonValue) -> Answer:
        """Validate the arguments and run a tool."""
        validated = tool.input_model.model_validate(arguments)
        async with asyncio.timeout(TIMEOUT_S):
            return await tool.run(self.context, validated)

    async def text(self, tool: Tool, **arguments: JsonValue) -> str:
        """Give the text of an answer."""
        return (await self.ask(tool, **arguments)).text


def asker_of(files: dict[str, str], folder: Path, *, is_indexed: bool = True) -> Asker:
    """Write files below a folder, and give what asks about them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    workspace = Workspace(DiskSource(folder))
    index = Index(workspace.root, None, n_workers=0)
    if is_indexed:
        index.build()
    return Asker(workspace=workspace, index=index)
