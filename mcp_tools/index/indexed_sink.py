"""A sink that tells the index what it has changed, new files above all."""

import asyncio

from mcp_tools.index.lazy import CodeIndex
from mcp_tools.ports import Sink
from mcp_tools.types.edits import ChangeSet
from mcp_tools.workspace.changes import paths_of


class IndexedSink:
    """Makes changes through another sink; implements Sink."""

    def __init__(self, sink: Sink, index: CodeIndex) -> None:
        """Make changes by `sink`, and tell `index`."""
        self._sink = sink
        self._index = index

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Make a change; also one that failed half-way is told.

        Raises: what the other sink raises.
        """
        try:
            await self._sink.apply(changes, entry_id)
        finally:
            paths = [path for change in changes.files for path in paths_of(change)]
            await asyncio.to_thread(self._index.changed, paths)
