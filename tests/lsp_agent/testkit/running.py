"""The test kit as a program of its own."""

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIMIT_S = 5


def environment() -> dict[str, str]:
    """Give the environment in which the packages are found, and no key is."""
    kept = {name: value for name, value in os.environ.items() if "ANTHROPIC" not in name}
    return kept | {"PYTHONPATH": str(ROOT)}


@contextmanager
def running(arguments: Sequence[str | Path], cwd: Path) -> Generator[subprocess.Popen[str]]:
    """Run `python -m lsp_agent.testkit` with `arguments`; it is gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lsp_agent.testkit", *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def base_url(process: subprocess.Popen[str]) -> str:
    """Wait for the line that says where the server listens; give the address."""
    assert process.stdout is not None
    name, _, url = process.stdout.readline().strip().partition("=")
    assert name == "ANTHROPIC_BASE_URL"
    return url
