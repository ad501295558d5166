"""Whether walls hold, found out by trying to get through them.

A workspace of its own is made for that, and things outside that a command inside must not reach.
Walls through which one single attempt succeeds count as none: who relies on them relies on all.
"""

import asyncio
import json
import os
import socket
import sys
import tempfile
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from lsp_agent.sandbox.alone import alone
from lsp_agent.sandbox.confining.around import Walls
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import CannotShow, ProgramFailed
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

_TIMEOUT_S = 20.0
_QUOTED_CHARS = 300
_WRITTEN, _LINK, _NEW_LINK = "written", "link", "new link"
_SOCKET = "s"

RunInside = Callable[[ShellCommand, SnapshotView, Walls], Awaitable[CommandResult]]
"""Runs a command in a view, inside walls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of trying."""

    n_tried: int = 0
    """How many ways out were tried."""
    escapes: tuple[str, ...] = ()
    """Those that were one, by name, see `trial.py`."""
    failure: str = ""
    """Why not even a harmless command did its work; empty if it did."""

    @property
    def problem(self) -> str:
        """Say why the walls are not to be relied on; empty if they hold."""
        if self.failure:
            return self.failure
        return f"it does not prevent {', '.join(self.escapes)}" if self.escapes else ""


async def prove(walls: Walls, run: RunInside) -> Proof:
    """Try to get through walls."""
    try:
        async with _outside() as outside:
            return await _tried(walls, run, outside)
    except (CannotShow, ProgramFailed, OSError) as error:
        return Proof(failure=str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outside:
    """What is not to be reached."""

    folder: Path
    home_file: Path
    token: str
    port: int
    called: list[str]
    """Says each time that somebody connected."""

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def secret(self) -> Path:
        return self.folder / "secrets" / "key"

    @property
    def unwanted(self) -> dict[str, Path]:
        """Give the files that must not come to be, by the attempts to make them."""
        return {
            "writing in the home folder": self.home_file,
            "writing a file for all users": self.folder / "temporary",
            "writing beside the workspace": self.folder / "outside",
            "writing through a link out of the workspace": self.folder / "linked",
        }

    def made(self) -> list[str]:
        """Give the attempts to make a file that succeeded."""
        return [name for name, path in self.unwanted.items() if os.path.lexists(path)]

    def facts(self) -> dict[str, str]:
        """Give what `trial.py` needs to know."""
        home, temporary, beside, _ = map(str, self.unwanted.values())
        return {
            "home_file": home,
            "temporary_file": temporary,
            "outside_file": beside,
            "link": str(self.root / _LINK),
            "secret": str(self.secret),
            "token": self.token,
            "port": str(self.port),
            "socket": str(self.folder / _SOCKET),
            "abstract": self.token,
            "pid": str(os.getpid()),
            "processes": _process_namespace(),
            "root": str(self.root),
        }


@asynccontextmanager
async def _outside() -> AsyncGenerator[_Outside]:
    """Set all of it up in a folder for scratch files, which is where most secrets are not."""
    token = uuid.uuid4().hex
    called: list[str] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append("connected")
        writer.close()

    with tempfile.TemporaryDirectory(prefix="lsp-agent-") as name:
        folder = await asyncio.to_thread(Path(name).resolve)
        tcp = await asyncio.start_server(answer, "127.0.0.1", 0)
        plain = await asyncio.start_unix_server(answer, folder / _SOCKET)
        hidden = await asyncio.start_unix_server(answer, sock=_abstract(token))
        outside = _Outside(
            folder=folder,
            home_file=Path.home() / f".lsp-agent-{token}",
            token=token,
            port=tcp.sockets[0].getsockname()[1],
            called=called,
        )
        outside.root.mkdir()
        (outside.root / _LINK).symlink_to(folder / "linked")
        outside.secret.parent.mkdir()
        outside.secret.write_text(token, encoding="utf-8")
        try:
            async with tcp, plain, hidden:
                yield outside
        finally:
            with suppress(OSError):
                outside.home_file.unlink(missing_ok=True)


def _process_namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _abstract(token: str) -> socket.socket:
    """Give a socket whose name is in no folder, where the system has such."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if sys.platform == "linux":
        listener.bind(f"\0{token}")
    listener.listen()
    return listener


async def _tried(walls: Walls, run: RunInside, outside: _Outside) -> Proof:
    program = alone("confining.trial", json.dumps(outside.facts()))
    line = f'"$@" && echo done > {_WRITTEN} && ln -s /etc/passwd "{_NEW_LINK}"'
    command = ShellCommand(
        argv=("/bin/sh", "-c", line, "-", *program), cwd=outside.root, timeout_s=_TIMEOUT_S
    )
    snapshot = Workspace(DiskSource(outside.root)).snapshot()
    walls = replace(walls, also_hidden=(outside.secret.parent,))
    result = await run(command, snapshot, walls)
    if result.exit_code != 0:
        said = result.output.strip()[-_QUOTED_CHARS:]
        return Proof(failure=f"a command in it failed: {said}")
    if set(result.changes.paths) != {outside.root / _WRITTEN, outside.root / _NEW_LINK}:
        return Proof(failure="what a command wrote in the workspace did not come back")
    told = json.loads(result.output)
    escapes = {*told["done"], *await asyncio.to_thread(outside.made)}
    if outside.called:
        escapes.add("connecting to a socket")
    return Proof(n_tried=told["tried"], escapes=tuple(sorted(escapes)))
