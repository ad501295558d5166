"""A desk for the offline engine: real tools over a folder, and a small loop."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsp_agent.config.settings import state_folder
from lsp_agent.models.offline.engine import OfflineEngine
from lsp_agent.models.port import (
    BlockDone,
    Message,
    ModelRequest,
    Text,
    TextChunk,
    ToolResultBlock,
    ToolUse,
)
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.registry import discover
from mcp_tools.types.calls import CallEffect, Effect, Ruling, ToolCall, Verdict
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import SetBuffer, Workspace

MAX_STEPS = 40
"""As many requests as a turn may make."""

PROPOSAL = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedGate:
    """Lets every call run, and rules on every edit the same way."""

    on_edit: Verdict = Verdict.HOLD

    async def judge(self, effect: Effect) -> Ruling:
        """Rule without asking anybody."""
        verdict = Verdict.ALLOW if isinstance(effect, CallEffect) else self.on_edit
        return Ruling(verdict=verdict, reason="the test says so")


@dataclass(slots=True, kw_only=True)
class Desk:
    """A folder with files, and a conversation about them."""

    root: Path
    host: ToolHost
    workspace: Workspace
    messages: list[Message] = field(default_factory=list[Message])
    _n_calls: int = 0
    typing: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    """A file and its new text, by the number of the call (from 1) after which a person types."""

    def text(self, path: str) -> str:
        """Give a file's text as the proposal has it."""
        return self.workspace.snapshot(PROPOSAL).read(self.root / path).text

    async def diagnostics(self, path: str, *codes: str, deep: bool = False) -> list[object]:
        """Give what the tool says of a file, only of these codes if any are named."""
        call = ToolCall(id="look", name="diagnostics", arguments={"path": path, "deep": deep})
        result = await self.host.call(call, proposal_id=PROPOSAL)
        assert result.data is not None, result.text
        found = result.data["diagnostics"]
        assert isinstance(found, list)
        items = [item for item in found if isinstance(item, dict)]
        return [item for item in items if not codes or item["code"] in codes]

    async def fix(self, path: str, *codes: str, deep: bool = False) -> str:
        """Fix what the tool reports, and give the last words."""
        found = await self.diagnostics(path, *codes, deep=deep)
        assert found, "there is nothing to fix"
        return await self.ask(fix_prompt(path, found, deep=deep))

    async def ask(self, prompt: str) -> str:
        """Run one turn of the loop, and give the last words."""
        self.messages.append(Message("user", (Text(prompt),)))
        async with asyncio.timeout(30):
            for _ in range(MAX_STEPS):
                reply = await next_message(self.messages)
                self.messages.append(reply)
                if not reply.tool_uses:
                    return reply.text
                results = [await self._run(use) for use in reply.tool_uses]
                self.messages.append(Message("user", tuple(results)))
        raise AssertionError("the engine does not come to an end")

    async def _run(self, use: ToolUse) -> ToolResultBlock:
        call = ToolCall(id=use.id, name=use.name, arguments=use.input)
        result = await self.host.call(call, proposal_id=PROPOSAL)
        self._n_calls += 1
        if self._n_calls in self.typing:
            name, text = self.typing[self._n_calls]
            self.workspace.apply(SetBuffer(path=self.root / name, text=text, version=1))
        return ToolResultBlock(
            tool_use_id=use.id, text=result.text, is_error=result.is_error, data=result.data
        )


def desk(root: Path, files: Mapping[str, str], *, on_edit: Verdict = Verdict.HOLD) -> Desk:
    """Put files into a folder, and the tools over it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    source = DiskSource(root)
    workspace = Workspace(source)
    journal = Journal(state_folder(source.root), source.root)
    ports = HostPorts(
        programs=BundledPrograms(),
        gate=FixedGate(on_edit=on_edit),
        applier=Applier(workspace, DiskSink(source, lock=journal.writing), journal),
    )
    host = ToolHost(workspace, discover(), ports, session_id="s")
    return Desk(root=source.root, host=host, workspace=workspace)


def fix_prompt(path: str, diagnostics: list[object], *, deep: bool = False) -> str:
    """Write the prompt of a fix as the product does."""
    task = {"kind": "fix", "path": path, "diagnostics": diagnostics, "deep": deep}
    return f"Fix this:\n\n```lsp-agent-task\n{json.dumps(task, ensure_ascii=False)}\n```"


async def next_message(messages: list[Message]) -> Message:
    """Ask the engine for its next message; what it streams is what it says."""
    chunks, blocks = "", list[Text | ToolUse]()
    async for event in OfflineEngine().stream(ModelRequest(system="", messages=tuple(messages))):
        if isinstance(event, TextChunk):
            chunks += event.text
        elif isinstance(event, BlockDone) and isinstance(event.block, Text | ToolUse):
            blocks.append(event.block)
    message = Message("assistant", tuple(blocks))
    assert message.text == chunks
    return message
