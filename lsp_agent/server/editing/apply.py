"""Editor and disk as one Sink: what is open is changed in the editor, the rest on disk.

Edits go by `workspace/applyEdit` and are then seen to have arrived. Every edit of an open
document names the version that it was computed for. When the person has typed meanwhile, the
editor refuses; the refusal becomes a StaleEdit, and the caller computes the edit anew from the
text of then. A change is made whole or not at all: the disk comes first, since it can be put
back exactly, and when the editor's part fails, what was done before is taken back.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from lsp_agent.server.documents import OpenDocument
from lsp_agent.server.editing.apply_steps import AllOrNothing, DiskStep, Sides, Step
from lsp_agent.server.editing.arrival import PATIENCE, Awaited, Patience
from lsp_agent.server.editing.edit_requests import EditRequests
from lsp_agent.server.editing.editor_steps import OpenEdit, OperationStep, TextStep
from lsp_agent.server.editing.parting import divide
from lsp_agent.server.editing.path_locks import PathLocks
from lsp_agent.server.server import AgentServer
from mcp_tools.ports import Sink
from mcp_tools.types.contents import State
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import Workspace

FindOpen = Callable[[Path], OpenDocument | None]

_CANNOT_EDIT = (
    "this editor does not offer workspace/applyEdit, so nothing was changed; "
    "use `lsp-agent fix FILE --apply` on the saved file instead"
)


class EditorSink:
    """Applies changes where the text is: in the editor for what is open there, else on disk.

    Changes that share no path do not wait for each other.
    """

    def __init__(
        self,
        server: AgentServer,
        workspace: Workspace,
        find_open: FindOpen,
        disk: Sink,
        *,
        patience: Patience = PATIENCE,
    ) -> None:
        """Work for one workspace; `find_open` gives the open document of a canonical path."""
        self._server = server
        self._workspace = workspace
        self._find_open = find_open
        self._disk = disk
        self._source = DiskSource(workspace.root)
        self._patience = patience
        self._requests = EditRequests(server, patience)
        self._locks = PathLocks()

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Make the change, and see that each file holds what was expected.

        Raises: Denied if the editor takes no edits, refused, or has unsaved text that would be
            lost; StaleEdit if a text moved on; and all that the disk's sink raises: nothing has
            changed then. Conflict if an editor took the edit but shows something else, or not
            all could be taken back; it names the files.
        """
        async with self._locks.hold(changes.paths):
            if self._requests.has_left:
                raise Denied("the editor is closing, so nothing was changed")
            snapshot = self._workspace.snapshot()
            found = {path: self._find_open(path) for path in changes.paths}
            opened = {path: document for path, document in found.items() if document is not None}
            if not opened:
                await self._disk.apply(changes, entry_id)
                return
            sides = self._sides(changes, entry_id)
            steps = await asyncio.to_thread(self._steps, sides, snapshot, changes, opened)
            async with AllOrNothing() as whole:
                for step in steps:
                    await whole.make(step)

    def leave(self) -> None:
        """Stop to wait for the editor, which is about to go; from now on nothing is sent."""
        self._requests.leave()

    def _steps(
        self,
        sides: Sides,
        snapshot: Snapshot,
        changes: ChangeSet,
        opened: Mapping[Path, OpenDocument],
    ) -> list[Step]:
        """Part the change; the disk comes first, then texts, then what an editor does to files.

        Raises: StaleEdit, Denied.
        """
        abilities = self._server.connection.abilities
        can_edit = abilities.can_apply_edits
        after = states_after(changes, snapshot.below_state)
        saved = Snapshot(self._source, {}, (), snapshot.revision).below_state
        texts = {path: snapshot.below(path).text for path in opened}
        parts = divide(changes, texts, saved, abilities.resource_operations if can_edit else ())
        if parts.texts and not can_edit:
            raise Denied(_CANNOT_EDIT)
        edits = [
            OpenEdit(
                path=change.path,
                opened=opened[change.path],
                awaited=Awaited(texts[change.path], _text(after[change.path])),
                edits=change.edits,
            )
            for change in parts.texts
        ]
        steps: list[Step] = []
        if parts.disk:
            steps.append(DiskStep(sides, parts.disk, saved))
        steps += [TextStep(sides, request) for request in self._requests_of(edits)]
        for operation in parts.operations:
            before = saved(operation.path)
            steps.append(OperationStep(sides, operation, opened[operation.path], before))
        if parts.emptied:
            steps.append(DiskStep(sides, parts.emptied, saved))
        return steps

    def _requests_of(self, edits: list[OpenEdit]) -> list[list[OpenEdit]]:
        """Give the edits that go into one request each.

        An editor that does not declare versioned edits may still take them, but check only the
        first version of a request (Neovim 0.12 does so); then each file is a request.
        """
        if self._server.connection.abilities.declares_versioned_edits:
            return [edits] if edits else []
        return [[edit] for edit in edits]

    def _sides(self, changes: ChangeSet, entry_id: str) -> Sides:
        return Sides(
            requests=self._requests,
            workspace=self._workspace,
            disk=self._disk,
            saved=self._source.state,
            patience=self._patience,
            label=changes.label,
            entry_id=entry_id,
        )


def _text(state: State | None) -> str:
    assert state is not None
    assert isinstance(state.content, str)
    return state.content
