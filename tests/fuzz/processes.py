"""The real server as a process, with a project and folders of its own."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.server.http.tokens import TokenFile

START_S = 60.0
END_S = 20.0
_URL = re.compile(rb"serving at (http://\S+)")
_FILES = {
    "a.py": "from pkg.b import g\n\n\ndef f(x):\n    return g(x)\n",
    "pkg/__init__.py": "",
    "pkg/b.py": "def g(x):\n    return x + 1\n",
    "pyproject.toml": "[project]\nname = 'fuzzed'\n",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server works, and keeps what it keeps."""

    folder: Path

    def prepare(self) -> None:
        """Make the project and the folders."""
        for name, text in _FILES.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    @property
    def project(self) -> Path:
        """The workspace root."""
        return self.folder / "project"

    def environment(self) -> dict[str, str]:
        """Give an environment in which nothing of the user's is touched."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "LSP_AGENT_STATE_DIR": str(self.folder / "state"),
            "LSP_AGENT_CACHE_DIR": str(self.folder / "cache"),
        }


@asynccontextmanager
async def running(
    place: Place, arguments: Sequence[str] = ()
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run the server with pipes; it is killed in the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "lsp_agent",
        "mcp",
        *("--root", str(place.project), "--profile", "full", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=place.environment(),
        limit=64 * 1024 * 1024,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def make_tokens(place: Place, names: Sequence[str]) -> list[str]:
    """Make tokens where the server looks for them."""
    tokens = TokenFile(place.folder / "state" / "mcp" / "tokens.json")
    return [tokens.create(name) for name in names]


async def wait_for_url(process: asyncio.subprocess.Process) -> str:
    """Wait until the server says where it listens."""
    assert process.stderr is not None
    seen = b""
    async with asyncio.timeout(START_S):
        while line := await process.stderr.readline():
            seen += line
            if found := _URL.search(line):
                return found[1].decode()
    raise AssertionError(f"the server did not start: {seen!r}")


async def end(process: asyncio.subprocess.Process) -> int:
    """Ask the server to end, and give its exit code."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(END_S):
        return await process.wait()


def resident_bytes(process: asyncio.subprocess.Process) -> int:
    """Give how much memory the process has now; 0 where nobody can tell."""
    try:
        pages = Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGESIZE")
