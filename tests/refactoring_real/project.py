"""A copy of a real project, and its tests."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.edits import ChangeSet
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

VERSION = "3.1.3"
_PYTEST = "pytest>=8,<9"
_TIMEOUT_S = 600
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_COUNT = re.compile(r"(\d+) (passed|failed|error)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test run said."""

    n_passed: int
    failed: frozenset[str]
    output: str


def fetch(python: Path, folder: Path) -> Path:
    """Download the source of Flask by the pip of an interpreter, and give its folder."""
    options = ("--no-deps", "--no-binary", "flask")
    _pip(python, "download", "-q", *options, "-d", str(folder), f"flask=={VERSION}")
    archive = next(folder.glob("flask-*.tar.gz"))
    return unpack(archive, folder)


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a source distribution, and give its folder."""
    subprocess.run(["tar", "xf", str(archive), "-C", str(folder)], check=True, timeout=60)
    return folder / f"flask-{VERSION}"


def environment(folder: Path) -> Path:
    """Make an environment in which the project can be tested, and give its interpreter.

    The project is installed for its metadata; its code is taken from the copies by path.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=_TIMEOUT_S)
    python = folder / "bin" / "python"
    _pip(python, "install", "-q", f"flask[async,dotenv]=={VERSION}", _PYTEST)
    return python


def run_tests(python: Path, project: Path) -> Outcome:
    """Run the tests of a copy of the project."""
    done = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_TIMEOUT_S,
        check=False,
    )
    counts = {word: int(number) for number, word in _COUNT.findall(done.stdout[-300:])}
    failed = frozenset(_FAILED.findall(done.stdout))
    return Outcome(counts.get("passed", 0), failed, done.stdout + done.stderr)


def codebase_at(folder: Path) -> CodebaseView:
    """Give a folder indexed in memory."""
    workspace = Workspace(DiskSource(folder))
    index = Index(workspace.root, None, n_workers=0)
    return index.view(workspace.snapshot())


def write(codebase: CodebaseView, changes: ChangeSet) -> int:
    """Make a change on disk, and give how many files it touched."""
    states = states_after(changes, codebase.snapshot.state)
    for path, state in states.items():
        if state is None:
            path.unlink()
            continue
        assert isinstance(state.content, str)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(state.content, encoding="utf-8", newline="")
    return len(states)


def _pip(python: Path, *arguments: str) -> None:
    subprocess.run([str(python), "-m", "pip", *arguments], check=True, timeout=_TIMEOUT_S)
