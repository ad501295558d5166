"""Reading folders ahead of the questions, with a display that can be cancelled."""

import asyncio
import logging
import threading
from contextlib import suppress

from lsprotocol import types as lsp

from lsp_agent.engine.watching import follow_disk
from lsp_agent.server.folders import Folder
from lsp_agent.server.progress import Progress
from lsp_agent.server.server import AgentServer
from mcp_tools.index.reports import BuildReport
from mcp_tools.index.reports import Progress as IndexProgress

START_DELAY_S = 0.5
"""How long the first question of an editor may come before any folder is read."""
MIN_SHOWN_FILES = 300
"""To read fewer files is over before a person could look at a display."""

logger = logging.getLogger(__name__)


class _Build:
    """One folder that is being read."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.cancelled = threading.Event()
        self.is_over = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.beginning: asyncio.Task[None] | None = None


class Builds:
    """The builds of one server's indexes."""

    def __init__(self, server: AgentServer) -> None:
        """Start with none."""
        self._server = server
        self._builds: set[_Build] = set()
        self._is_closing = False
        self._is_wanted = asyncio.Event()

    def follow(self, folder: Folder) -> None:
        """Begin to read a folder, if the settings want that; nobody waits for it."""
        if not folder.engine.reads_ahead:
            return
        build = _Build(Progress(self._server))
        self._builds.add(build)
        build.task = asyncio.create_task(self._run(folder, build))

    def cancel_by_token(self, token: int | str) -> None:
        """Stop the build behind a display."""
        for build in self._builds:
            if build.progress.token == token:
                build.cancelled.set()

    async def wait(self, timeout_s: float) -> None:
        """Wait until all folders are read, but not for long."""
        self._is_wanted.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                for build in tuple(self._builds):
                    await build.is_over.wait()

    async def close(self) -> None:
        """Stop all builds and wait until they have ended."""
        self._is_closing = True
        self._is_wanted.set()
        builds = tuple(self._builds)
        for build in builds:
            build.cancelled.set()
            if build.is_over.is_set() and build.task is not None:
                build.task.cancel()  # It waits for the editor, which is about to go.
        await asyncio.gather(*(b.task for b in builds if b.task), return_exceptions=True)

    async def _run(self, folder: Folder, build: _Build) -> None:
        try:
            # The first question is answered sooner when nothing else is done by then.
            with suppress(TimeoutError):
                async with asyncio.timeout(START_DELAY_S):
                    await self._is_wanted.wait()
            end = await self._read(folder, build)
            build.is_over.set()
            if not self._is_closing:
                await self._tell_end(build, end)
        finally:
            build.is_over.set()
            self._builds.discard(build)

    async def _read(self, folder: Folder, build: _Build) -> str:
        """Read a folder and give a last word."""
        loop = asyncio.get_running_loop()

        def report(progress: IndexProgress) -> None:
            loop.call_soon_threadsafe(self._show, build, folder.workspace.root.name, progress)

        try:
            done = await asyncio.to_thread(folder.engine.index.build, report, build.cancelled)
        except Exception:
            # The build's boundary: questions are answered without it, only later.
            logger.exception("the index of %s could not be built", folder.workspace.root)
            return "failed; questions read what they need"
        if not build.cancelled.is_set():
            follow_disk(folder.engine)
        return _last_word(done)

    async def _tell_end(self, build: _Build, end: str) -> None:
        if build.beginning is not None:
            await build.beginning
        build.progress.end(end)
        if self._server.connection.abilities.refreshes_code_lenses:
            await self._server.ask(lsp.WORKSPACE_CODE_LENS_REFRESH, None)

    def _show(self, build: _Build, name: str, progress: IndexProgress) -> None:
        if progress.n_total < MIN_SHOWN_FILES or build.cancelled.is_set():
            return
        if build.beginning is None:
            build.beginning = asyncio.create_task(
                build.progress.begin(f"Indexing {name}", percentage=0)
            )
            return
        percentage = 100 * progress.n_done // max(1, progress.n_total)
        text = f"{progress.n_done} of {progress.n_total} files"
        build.progress.report(text, percentage=percentage)


def _last_word(done: BuildReport) -> str:
    if not done.is_complete:
        return "stopped; questions read what they need"
    return f"ready, but kept in memory only: {done.problem}" if done.problem else "ready"
