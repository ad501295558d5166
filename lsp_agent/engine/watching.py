"""Following what happens to the files of a workspace on disk."""

import asyncio
from contextlib import suppress
from pathlib import Path

from lsp_agent.engine.engine import Engine
from mcp_tools.workspace.workspace import DiskChanged


def follow_disk(engine: Engine) -> None:
    """Let the index watch the disk, and tell the workspace what it sees, until the engine ends.

    Called on the event loop, from which alone a workspace is modified.
    """
    loop = asyncio.get_running_loop()

    def tell(paths: tuple[Path, ...]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(engine.workspace.apply, DiskChanged(paths))

    engine.index.start(tell)
