"""Running commands in views, in each of the ways that this system offers."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable
from pathlib import Path

import pytest

from lsp_agent.sandbox.confining.around import Surroundings
from lsp_agent.sandbox.copying import CopyLimits, run_in_copy
from lsp_agent.sandbox.laying import lay_into
from lsp_agent.sandbox.overlay import overlay_problem, run_in_overlay
from lsp_agent.sandbox.running import Ended
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.contents import Content, digest_of_content
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, FileChange, SetContent
from mcp_tools.types.jobs import OnOutput
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Hold, SetBuffer, Workspace

OVERLAY, COPY = "overlay", "copy"
WAYS = (OVERLAY, COPY)
PROPOSAL = "turn"
WAIT_S = 5

_PROBLEMS: dict[int, str | None] = {}


class Bench:
    """A workspace in a temporary folder, and a place for private folders beside it."""

    def __init__(self, folder: Path, *, name: str = "project") -> None:
        """Make both."""
        self.folder = folder
        self.root = folder / name
        self.root.mkdir()
        self.place = folder / "cache" / "views"
        self.workspace = Workspace(DiskSource(self.root))
        self._signals: list[Signal] = []

    def signal(self, name: str) -> "Signal":
        """Make a named pipe beside the workspace."""
        signal = Signal(self.folder / name)
        self._signals.append(signal)
        return signal

    def close(self) -> None:
        """Let go of what is open."""
        for signal in self._signals:
            signal.close()

    def write(self, name: str, text: str) -> Path:
        """Write a file of the workspace on disk."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def type(self, name: str, text: str) -> Path:
        """Show a text in an editor, unsaved."""
        path = self.root / name
        self.workspace.apply(SetBuffer(path=path, text=text, version=1))
        return path

    def hold(self, *files: FileChange) -> None:
        """Propose changes."""
        changes = ChangeSet(label="edit", files=files)
        self.workspace.apply(Hold(proposal_id=PROPOSAL, changes=changes))

    def create(self, name: str, text: str) -> None:
        """Propose a new file."""
        self.hold(CreateFile(path=self.root / name, text=text))

    def delete(self, name: str, text: str) -> None:
        """Propose to delete a file that has this text."""
        self.hold(DeleteFile(path=self.root / name, base=digest_of(text)))

    def put(self, name: str, base: Content | None, content: Content | None) -> None:
        """Propose a link, a folder or bytes."""
        digest = None if base is None else digest_of_content(base)
        self.hold(SetContent(path=self.root / name, base=digest, content=content))

    def snapshot(self) -> SnapshotView:
        """Give the top layer."""
        return self.workspace.snapshot(PROPOSAL)

    def command(self, line: str, *, cwd: str = ".", timeout_s: float = 10) -> ShellCommand:
        """Give a shell line as a command."""
        argv = ("/bin/sh", "-c", line)
        return ShellCommand(argv=argv, cwd=self.root / cwd, timeout_s=timeout_s)

    async def run(self, way: str, line: str, snapshot: SnapshotView | None = None) -> CommandResult:
        """Run a shell line in a view."""
        return await self.run_command(way, self.command(line), snapshot)

    async def run_command(
        self,
        way: str,
        command: ShellCommand,
        snapshot: SnapshotView | None = None,
        on_output: OnOutput | None = None,
    ) -> CommandResult:
        """Run a command in a view; skips the test where that is not possible."""
        snapshot = snapshot or self.snapshot()
        surroundings = Surroundings(on_output=on_output)
        if way == COPY:
            limits = CopyLimits()
            return await run_in_copy(command, snapshot, self.place, surroundings, limits=limits)
        await need_overlay(self.place)
        return await run_in_overlay(command, snapshot, self.place, surroundings)

    def accept(self, changes: ChangeSet) -> None:
        """Make the changes on disk; they must fit what the snapshot shows."""
        states = states_after(changes, self.snapshot().state)
        lay_into(self.root, self.root, states)


async def need_overlay(place: Path) -> None:
    """Skip the test where the system allows no overlay; it is tried once for a file system."""
    device = place.parents[1].stat().st_dev
    if device not in _PROBLEMS:
        _PROBLEMS[device] = await overlay_problem(place)
    if (problem := _PROBLEMS[device]) is not None:
        pytest.skip(f"no overlay here: {problem}")


async def first_of(
    running: "asyncio.Task[CommandResult] | asyncio.Task[Ended]", waiting: Awaitable[str]
) -> str:
    """Wait for a signal of a command that is running; a command that ended early tells why."""
    signal = asyncio.ensure_future(waiting)
    done, _ = await asyncio.wait({running, signal}, return_when=asyncio.FIRST_COMPLETED)
    if running in done:
        raise AssertionError(f"the command ended early: {running.result()}")
    return signal.result()


class Signal:
    """A named pipe: a command writes to it, or holds it open as long as it lives.

    No thread waits at it, so that a test that fails can end.
    """

    def __init__(self, path: Path) -> None:
        """Make it."""
        os.mkfifo(path)
        self.path = path
        self._open = contextlib.ExitStack()

    async def read(self) -> str:
        """Wait until all who had it open for writing are gone; gives what they wrote."""
        fd = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        with os.fdopen(fd, "rb", buffering=0) as pipe:
            transport, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), pipe
            )
            try:
                return (await asyncio.wait_for(reader.read(), WAIT_S)).decode()
            finally:
                transport.close()

    def send(self) -> None:
        """Give a line to whoever reads, now or later."""
        # Open for both, it does not wait for a reader, and keeps the line until one comes.
        fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self._open.callback(os.close, fd)
        os.write(fd, b"go\n")

    def release(self) -> None:
        """End the waiting of a reader whom nobody may have come to."""
        os.close(os.open(self.path, os.O_RDWR | os.O_NONBLOCK))

    def close(self) -> None:
        """Let go of it."""
        self._open.close()
