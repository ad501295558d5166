"""Runs the official conformance suite against an address, and reads what it found."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.node import Package

SUITE = Package(name="@modelcontextprotocol/conformance", part="conformance")
_TIMEOUT_S = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one check of a scenario came to."""

    scenario: str
    check: str
    status: str
    """SUCCESS, FAILURE, WARNING, SKIPPED or INFO."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the suite."""

    exit_code: int
    found: Sequence[Found]
    printed: str

    @property
    def scenarios(self) -> frozenset[str]:
        """The names of those that ran."""
        return frozenset(found.scenario for found in self.found)

    def with_status(self, status: str) -> list[Found]:
        """Give the checks that ended so."""
        return [found for found in self.found if found.status == status]


def run_requirements(url: str, revision: str, folder: Path) -> Run:
    """Run all that a revision requires of servers, and what is not scored beside it."""
    return _run(folder, "--url", url, "--requirements", revision)


def run_scenario(url: str, scenario: str, revision: str, folder: Path) -> Run:
    """Run one scenario in the words of a revision."""
    return _run(folder, "--url", url, "--scenario", scenario, "--spec-version", revision)


def _run(folder: Path, *arguments: str) -> Run:
    argv = [*SUITE.argv("dist/index.js"), "server", *arguments, "-o", str(folder)]
    done = subprocess.run(
        argv, capture_output=True, encoding="utf-8", timeout=_TIMEOUT_S, check=False
    )
    found = [
        _found(path.parent.name, check)
        for path in sorted(folder.glob("*/checks.json"))
        for check in json.loads(path.read_text(encoding="utf-8"))
    ]
    return Run(exit_code=done.returncode, found=found, printed=done.stdout + done.stderr)


def _found(folder: str, check: dict[str, Any]) -> Found:
    # The folder is called `server-SCENARIO-DATE`, and the date begins with the year.
    scenario = folder.removeprefix("server-").rsplit("-20", 1)[0]
    return Found(
        scenario=scenario,
        check=check["id"],
        status=check["status"],
        message=str(check.get("errorMessage") or ""),
    )
