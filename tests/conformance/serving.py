"""Servers as processes: the one with the suite's fixtures, and the real one."""

import os
import re
import subprocess
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

_URL = re.compile(r"serving at (http://\S+)")
_END_S = 10.0


@contextmanager
def fixture_server(folder: Path) -> Generator[str]:
    """Serve what the suite calls; gives the address."""
    folder.mkdir()
    with _serving(["-m", "tests.conformance.fixture_server", str(folder)], "stdout") as url:
        yield url


@contextmanager
def real_server(folder: Path) -> Generator[str]:
    """Serve a small project by `lsp-agent mcp`; gives the address."""
    folder.mkdir()
    (folder / "shop.py").write_text("def price() -> int:\n    return 21\n", encoding="utf-8")
    arguments = ["--root", str(folder), "--profile", "full", "--http", "127.0.0.1:0", "--no-auth"]
    with _serving(["-m", "lsp_agent", "mcp", *arguments], "stderr") as url:
        yield url


@contextmanager
def _serving(arguments: Sequence[str], says_on: str) -> Generator[str]:
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, says_on: subprocess.PIPE}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=pipes["stdout"],
        stderr=pipes["stderr"],
        encoding="utf-8",
        env=dict(os.environ),
    )
    stream = process.stdout if says_on == "stdout" else process.stderr
    assert stream is not None
    try:
        yield _address(stream)
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        finally:
            process.kill()
            stream.close()


def _address(lines: Iterable[str]) -> str:
    said: list[str] = []
    for line in lines:
        found = _URL.search(line)
        if found:
            return found[1]
        said.append(line)
    raise AssertionError("the server ended: " + "".join(said))
