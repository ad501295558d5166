"""A workspace in a temporary folder, with tools that are called over it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from mcp_tools.types.calls import Answer, ReadLedger, Tool, ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet, DeleteFile
from mcp_tools.types.json import JsonValue
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.programs import BundledPrograms
from mcp_tools.workspace.workspace import Hold, SetBuffer, Workspace

TIMEOUT_S = 5.0

DataT = TypeVar("DataT", bound=BaseModel)


@dataclass(frozen=True)
class Desk:
    """A real workspace on disk, and what one session has read of it."""

    root: Path
    workspace: Workspace
    reads: ReadLedger = field(default_factory=ReadLedger)
    is_trusted: bool = True

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a file on disk, with exactly these bytes."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def type_in_editor(self, name: str, text: str) -> None:
        """Let an editor have a file open with this text, not saved."""
        self.workspace.apply(SetBuffer(path=self.root / name, text=text, version=1))

    def propose(self, changes: ChangeSet) -> None:
        """Hold a change as part of the proposal that every context shows."""
        self.workspace.apply(Hold(proposal_id="p", changes=changes))

    def propose_deletion(self, name: str) -> None:
        """Hold the deletion of a file."""
        document = self.document(name)
        change = DeleteFile(path=document.path, base=document.digest)
        self.propose(ChangeSet(label="delete", files=(change,)))

    def document(self, name: str) -> Document:
        """Give the top layer of a document."""
        return self.context().snapshot.read(self.root / name)

    def context(self) -> ToolContext:
        """Give what a tool sees now."""
        snapshot = self.workspace.snapshot("p")
        return ToolContext(
            root=snapshot.root,
            snapshot=snapshot,
            programs=BundledPrograms(),
            reads=self.reads,
            is_trusted=self.is_trusted,
        )

    async def call(self, tool: Tool, **arguments: JsonValue) -> Answer:
        """Validate the arguments and run a tool, in at most five seconds."""
        validated = tool.input_model.model_validate(arguments)
        async with asyncio.timeout(TIMEOUT_S):
            return await tool.run(self.context(), validated)

    def text_after(self, answer: Answer, name: str) -> str | None:
        """Give the text that an answer's change would make of a file."""
        assert answer.changes is not None
        state = states_after(answer.changes, self.context().snapshot.state)[self.root / name]
        if state is None:
            return None
        assert isinstance(state.content, str)
        return state.content


def desk_in(folder: Path) -> Desk:
    """Set up a workspace whose root is a folder."""
    workspace = Workspace(DiskSource(folder))
    return Desk(root=workspace.root, workspace=workspace)


def data_of(answer: Answer, model: type[DataT]) -> DataT:
    """Give the structured part of an answer, and check that it is of the promised model."""
    assert isinstance(answer.data, model)
    return answer.data
