"""A journal whose process is killed at any moment, or that two processes use at once."""

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random

from mcp_tools.types.journal import EntryState
from tests.mcp_tools.workspace.journal.killed import LIMITS, acknowledged, check
from tests.mcp_tools.workspace.journal.recording import Place, after
from tests.tidy.source import ROOT

PROGRAM = (sys.executable, "-m", "tests.mcp_tools.workspace.journal.killed")
N_KILLS = 8


@contextmanager
def recording(folder: Path) -> Generator["subprocess.Popen[str]"]:
    """Run a process that records one entry after another, and make sure that it is gone after."""
    process = subprocess.Popen(
        [*PROGRAM, "record", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, encoding="ascii"
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: "subprocess.Popen[str]", n_lines: int) -> list[str]:
    """Read so many lines of a process, or all when it has ended."""
    assert process.stdout is not None
    return list(islice(process.stdout, n_lines))


def test_nothing_acknowledged_is_lost_when_a_process_is_killed(place: Place) -> None:
    random = Random(1)
    for _ in range(N_KILLS):
        with recording(place.folder) as process:
            read = lines(process, random.randrange(1, 60))
            process.send_signal(signal.SIGKILL)
            check(place, acknowledged([*read, *lines(process, 10_000)]))
    assert len(place.journal().entries()) >= N_KILLS


def test_a_kill_at_any_line_of_code_loses_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "step", str(tmp_path), "31"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="ascii",
        timeout=60,
        check=True,
    )
    assert int(done.stdout) > 40


def test_two_processes_record_at_once(place: Place) -> None:
    with recording(place.folder) as one, recording(place.folder) as other:
        acks = [acknowledged(lines(process, 60)) for process in (one, other)]
        journal = place.journal(limits=LIMITS)
        entries = journal.entries()
    assert [len(ack.done) for ack in acks] == [30, 30]
    assert acks[0].done.isdisjoint(acks[1].done)
    numbers = [entry.number for entry in entries]
    assert numbers == list(range(numbers[0], numbers[0] - len(numbers), -1))
    moments = [entry.at for entry in entries]
    assert moments == sorted(moments, reverse=True)


def test_an_entry_of_a_living_process_is_not_unfinished(place: Place) -> None:
    with recording(place.folder) as process:
        assert len(lines(process, 1)) == 1
        journal = place.journal(limits=LIMITS)
        assert journal.unfinished() == ()
    left = [entry for entry in journal.entries() if entry.state is EntryState.PENDING]
    assert list(journal.unfinished()) == left
    for entry in left:
        assert after(journal, entry)
