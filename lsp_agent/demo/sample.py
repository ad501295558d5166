"""The sample project: a copy to work on, and its own tests."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TESTS_TIMEOUT_S = 30.0
_N_TESTS = re.compile(r"^Ran (\d+) tests?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """How the project's tests went."""

    __test__ = False
    """Pytest takes this for no test of ours."""

    n_tests: int
    is_green: bool
    summary: str
    """The last line, such as `FAILED (failures=1)`."""


def copy_project(folder: Path) -> None:
    """Copy the sample project to a folder, which is made."""
    source = Path(__file__).with_name("project")
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


def python_files(folder: Path) -> Sequence[Path]:
    """Give the project's Python files, sorted by path."""
    return sorted(folder.rglob("*.py"))


def run_tests(folder: Path) -> TestRun:
    """Run the project's tests, with nothing installed and nothing left behind."""
    completed = subprocess.run(
        [sys.executable, "-B", "-m", "unittest"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=TESTS_TIMEOUT_S,
        check=False,
    )
    count = _N_TESTS.search(completed.stderr)
    lines = completed.stderr.strip().splitlines() or ["no output"]
    return TestRun(
        n_tests=int(count[1]) if count else 0,
        is_green=completed.returncode == 0,
        summary=lines[-1],
    )
