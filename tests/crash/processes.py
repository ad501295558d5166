"""Children of a warm process, so that no interpreter starts; killed at a chosen moment."""

import os
import select
import shutil
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.crash.checking import Verdict, check
from tests.crash.scenario import (
    Place,
    Scenario,
    apply_change,
    lay_out,
    record_earlier_change,
)

WAIT_S = 30.0
"""How long a child may take, before it counts as hanging."""


class Projects:
    """Fresh copies of a project, each in an empty folder, made from a template."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        """Make the template in `folder`, which is this one's alone."""
        self.scenario = scenario
        self._template = Place(folder / "template")
        self._folder = folder / "run"
        lay_out(scenario, self._template)
        if not scenario.is_first:
            os.waitpid(fork(lambda: record_earlier_change(self._template)), 0)

    @contextmanager
    def fresh(self) -> Generator[Place, None, None]:
        """Give a new project, and remove it afterwards."""
        shutil.copytree(self._template.folder, self._folder, symlinks=True)
        try:
            yield Place(self._folder)
        finally:
            shutil.rmtree(self._folder)


class Pipe:
    """A way for a child to tell its parent something, up to its end."""

    def __init__(self) -> None:
        """Open both ends; a child inherits them."""
        self._reading, self._writing = os.pipe()

    def tell(self, data: bytes) -> None:
        """Say something, in the child."""
        os.write(self._writing, data)

    def wait(self) -> bytes:
        """Wait for the next thing that is said, in the parent; empty at the child's end."""
        if self._writing >= 0:
            os.close(self._writing)
            self._writing = -1
        if not self.has_news_within(WAIT_S):
            raise TimeoutError("the child process hangs")
        return os.read(self._reading, 1 << 20)

    def has_news_within(self, seconds: float) -> bool:
        """Tell, in the parent, whether the child says something in time, or ends."""
        return bool(select.select([self._reading], [], [], seconds)[0])

    def rest(self) -> bytes:
        """Wait for all that is said up to the child's end."""
        said = b""
        while part := self.wait():
            said += part
        return said

    def close(self) -> None:
        """Close what is still open."""
        for fd in (self._reading, self._writing):
            if fd >= 0:
                os.close(fd)


def checked(scenario: Scenario, place: Place, *, is_acknowledged: bool) -> Verdict:
    """Let a new process reopen the project, and give what it found."""
    pipe = Pipe()

    def work() -> None:
        verdict = check(scenario, place, is_acknowledged=is_acknowledged)
        pipe.tell(verdict.to_json().encode())

    child = fork(work)
    said = pipe.rest()
    pipe.close()
    os.waitpid(child, 0)
    return Verdict.from_json(said.decode()) if said else Verdict("failed", ("no verdict",))


@dataclass(frozen=True, slots=True)
class Ended:
    """How a change ended that was to be killed."""

    is_acknowledged: bool
    """It was told to be made, so it must stay."""
    elapsed_s: float
    """How long it ran, from when the clock was started."""


def killed_after(
    scenario: Scenario, place: Place, *, delay_s: float, is_from_record: bool
) -> Ended:
    """Kill the change a while after it began, or after it was recorded."""
    pipe = Pipe()

    def work() -> None:
        if not is_from_record:
            pipe.tell(b"begun ")
        apply_change(scenario, place, lambda: pipe.tell(b"begun ") if is_from_record else None)
        pipe.tell(b"acknowledged")

    child = fork(work)
    pipe.wait()
    started = perf_counter()
    pipe.has_news_within(delay_s)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    elapsed_s = perf_counter() - started
    os.waitpid(child, 0)
    said = pipe.rest()
    pipe.close()
    return Ended(said.endswith(b"acknowledged"), elapsed_s)


def fork(work: Callable[[], None]) -> int:
    """Run something in a child, which ends without the parent's exit handlers."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child
