"""Rows of crashes, shared out among worker processes."""

import multiprocessing
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.crash.checking import NEVER_BEGAN, TAKEN_BACK
from tests.crash.processes import Projects
from tests.crash.runs import Crash, at_each_write, at_random, in_the_recovery
from tests.crash.scenario import FIVE_FILES, OTHER_KINDS, Scenario

SCENARIOS = (
    FIVE_FILES,
    replace(FIVE_FILES, name="five files, the first change ever", is_first=True),
    replace(FIVE_FILES, name="five files, by links", by_links=True),
    OTHER_KINDS,
    replace(OTHER_KINDS, name="other kinds, by links", by_links=True),
)
SHORT_SCENARIOS = (FIVE_FILES, OTHER_KINDS)
_COARSE, _DENSE = 16, 4
"""In the short form: one write in so many, before the change is recorded and after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row of crashes, for one worker."""

    folder: Path
    scenario: Scenario
    start: int = 1
    step: int = 1
    first: int = 0
    """Where the change is killed, if it is the recovery that is looked at; else 0."""
    n_random: int = 0
    seed: int = 0


def at_all_writes(folder: Path, n_workers: int) -> Iterator[list[Crash]]:
    """Kill each change at each call that writes, and some recoveries likewise."""
    for scenario in SCENARIOS:
        shares = [
            Task(folder=folder, scenario=scenario, start=start, step=n_workers)
            for start in range(1, n_workers + 1)
        ]
        changed = _run_all(shares, n_workers)
        yield changed
        recoveries = [
            Task(folder=folder, scenario=scenario, first=first)
            for first in _worth_a_recovery(changed, step=3)
        ]
        yield _run_all(recoveries, n_workers)


def at_some_writes(folder: Path, n_workers: int) -> Iterator[list[Crash]]:
    """Look roughly where the change is recorded, and closer at what comes after."""
    coarse = [Task(folder=folder, scenario=scenario, step=_COARSE) for scenario in SHORT_SCENARIOS]
    found = _run_each(coarse, n_workers)
    dense = [
        Task(folder=folder, scenario=scenario, start=_last_unrecorded(row) + 1, step=_DENSE)
        for scenario, row in zip(SHORT_SCENARIOS, found, strict=True)
    ]
    found += _run_each(dense, n_workers)
    crashes = [crash for row in found for crash in row]
    recoveries = [
        Task(folder=folder, scenario=scenario, first=first, step=_COARSE)
        for scenario in SHORT_SCENARIOS
        for first in _worth_a_recovery((c for c in crashes if c.scenario == scenario.name), step=4)
    ]
    yield crashes
    yield _run_all(recoveries, n_workers)


def at_random_moments(
    folder: Path, n_workers: int, n_crashes: int, seed: int
) -> Iterator[list[Crash]]:
    """Kill the change of five files at random moments."""
    shares = [
        Task(
            folder=folder,
            scenario=FIVE_FILES,
            n_random=n_crashes // n_workers + (number < n_crashes % n_workers),
            seed=seed * n_workers + number,
        )
        for number in range(n_workers)
    ]
    yield _run_all([share for share in shares if share.n_random], n_workers)


def _worth_a_recovery(changed: Iterable[Crash], *, step: int) -> list[int]:
    numbers = [c.number for c in changed if c.verdict.outcome == TAKEN_BACK]
    return sorted(numbers)[::step]


def _last_unrecorded(changed: Iterable[Crash]) -> int:
    return max(c.number for c in changed if c.verdict.outcome == NEVER_BEGAN)


def _run_all(tasks: Sequence[Task], n_workers: int) -> list[Crash]:
    return [crash for row in _run_each(tasks, n_workers) for crash in row]


def _run_each(tasks: Sequence[Task], n_workers: int) -> list[list[Crash]]:
    # Workers fork, so each is a process of its own making, with a single thread.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=n_workers, mp_context=spawn) as pool:
        return list(pool.map(run, tasks))


def run(task: Task) -> list[Crash]:
    """Do one row of crashes."""
    os.umask(0o022)
    with tempfile.TemporaryDirectory(dir=task.folder) as name:
        projects = Projects(Path(name), task.scenario)
        if task.n_random:
            return list(at_random(projects, n_crashes=task.n_random, seed=task.seed))
        if task.first:
            return list(
                in_the_recovery(projects, first=task.first, start=task.start, step=task.step)
            )
        return list(at_each_write(projects, start=task.start, step=task.step))
