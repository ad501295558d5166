"""The crashes: at each call that writes, at random moments, and again in the recovery."""

import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from mcp_tools.workspace.disk.recovery import recover
from mcp_tools.workspace.disk.source import DiskSource
from tests.crash.checking import Verdict
from tests.crash.processes import WAIT_S, Pipe, Projects, checked, killed_after
from tests.crash.scenario import Place, apply_change, use_way
from tests.crash.tracing import writes_of

NOT_AT_ALL = "not at all"
_N_MEASURED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """One crash, told by where it happened, and what came of it."""

    scenario: str
    kind: str
    where: str
    """The system call before which the process was killed, or the moment."""
    number: int = 0
    """The number of that call, from 1, among the calls that write."""
    verdict: Verdict


def at_each_write(projects: Projects, *, start: int = 1, step: int = 1) -> Iterator[Crash]:
    """Kill the change at each `step`-th call that writes, and once not at all."""
    for kill_at in count(start, step):
        with projects.fresh() as place:
            calls, is_acknowledged = _changed(projects, place, kill_at)
            verdict = checked(projects.scenario, place, is_acknowledged=is_acknowledged)
        yield _crash(projects, "change", calls, kill_at, verdict)
        if len(calls) < kill_at:
            return


def in_the_recovery(
    projects: Projects, *, first: int, start: int = 1, step: int = 1
) -> Iterator[Crash]:
    """Kill the change at its write number `first`, then the recovery at each `step`-th write."""
    for kill_at in count(start, step):
        with projects.fresh() as place:
            _killed_at(first, lambda: apply_change(projects.scenario, place))
            calls = _killed_at(kill_at, lambda: _recover(projects, place))
            verdict = checked(projects.scenario, place, is_acknowledged=False)
        yield _crash(projects, "recovery", calls, kill_at, verdict)
        if len(calls) < kill_at:
            return


def at_random(projects: Projects, *, n_crashes: int, seed: int) -> Iterator[Crash]:
    """Kill the change at random moments between its begin and a little after its usual end.

    Every other one comes after the change was recorded, since that is when files are written.
    """
    chance = random.Random(seed)
    usual_s = {is_late: _usual_time(projects, is_late=is_late) for is_late in (False, True)}
    for number in range(n_crashes):
        is_late, share = bool(number % 2), chance.random()
        delay_s = 1.1 * share * usual_s[is_late]
        with projects.fresh() as place:
            ended = killed_after(projects.scenario, place, delay_s=delay_s, is_from_record=is_late)
            verdict = checked(projects.scenario, place, is_acknowledged=ended.is_acknowledged)
        part = "of the writing" if is_late else "of all"
        yield Crash(
            scenario=projects.scenario.name,
            kind="change at random moments",
            where=f"at {10 * int(10 * share)} % {part}",
            verdict=verdict,
        )


def _usual_time(projects: Projects, *, is_late: bool) -> float:
    times_s: list[float] = []
    for _ in range(_N_MEASURED):
        with projects.fresh() as place:
            ended = killed_after(projects.scenario, place, delay_s=WAIT_S, is_from_record=is_late)
            times_s.append(ended.elapsed_s)
    return statistics.median(times_s)


def _crash(
    projects: Projects, kind: str, calls: list[str], kill_at: int, verdict: Verdict
) -> Crash:
    return Crash(
        scenario=projects.scenario.name,
        kind=kind,
        where=NOT_AT_ALL if len(calls) < kill_at else calls[-1],
        number=kill_at,
        verdict=verdict,
    )


def _killed_at(kill_at: int, work: Callable[[], None]) -> list[str]:
    return list(writes_of(work, kill_at=kill_at))


def _changed(projects: Projects, place: Place, kill_at: int) -> tuple[list[str], bool]:
    """Make the change until it is killed; give its calls, and whether it was acknowledged."""
    pipe = Pipe()

    def work() -> None:
        apply_change(projects.scenario, place)
        pipe.tell(b"acknowledged")

    calls = _killed_at(kill_at, work)
    is_acknowledged = pipe.rest() == b"acknowledged"
    pipe.close()
    return calls, is_acknowledged


def _recover(projects: Projects, place: Place) -> None:
    use_way(projects.scenario)
    recover(place.journal(), DiskSource(place.root))
