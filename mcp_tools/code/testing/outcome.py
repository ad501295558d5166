"""A run of tests, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.types.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which tests are to run."""

    targets: tuple[str, ...] = ()
    """Paths relative to the folder of the project, or the runner's own names; empty for all."""
    keyword: str = ""
    """Only tests whose name fits, as the runner understands it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that did not pass."""

    name: str
    """As the runner takes it for a target, where it does."""
    message: str
    file: str = ""
    """Relative to the folder of the project, or as the runner said; empty if it is not known."""
    line: int | None = None
    """The line number, from 1."""
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run."""

    n_passed: int = 0
    n_failed: int = 0
    n_errors: int = 0
    """Tests that could not be run, or files of tests that could not be read."""
    n_skipped: int = 0
    failures: tuple[Failure, ...] = ()
    problem: str = ""
    """Why it is not known what came of it, or not all of it.

    Where no failure has a message either, the output is given.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run, and how to read what comes of it."""

    argv: tuple[str, ...]
    read: Callable[[CommandResult, bytes | None], Outcome]
    """Takes the result, its output without colours, and the content of `report` if it is there."""
    report: Path | None = None
    """A file that the runner writes for us; it is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRunner:
    """A program that runs tests."""

    name: str
    rank: int
    """Where a folder has several, the one with the lowest is taken."""
    find: Callable[[ProjectFolder], str]
    """Gives what shows that the folder uses this runner; empty if nothing does."""
    plan: Callable[[ProjectFolder, Wish], Plan]
