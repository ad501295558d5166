"""Processes that record changes until they are killed, and what must be true afterwards.

    python -m tests.mcp_tools.workspace.journal.killed record FOLDER     until a signal comes
    python -m tests.mcp_tools.workspace.journal.killed step FOLDER N     at each Nth line of code

Each acknowledged step is a line of the output: `begun` or `done`, with number and id.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeAlias

from mcp_tools.types.contents import Content
from mcp_tools.types.journal import Entry, EntryState, FileRecord
from mcp_tools.workspace.journal import journal as journal_module
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.limits import Limits
from tests.mcp_tools.workspace.journal.recording import Place, noise

LIMITS = Limits(max_store_bytes=12_000, max_entries=30, lock_timeout_s=60)
"""So low that something is dropped all the time."""

N_KEPT = 4
"""Entries whose contents always fit in."""

Trace: TypeAlias = "Callable[[FrameType, str, object], Trace | None]"

_CODE = str(Path(journal_module.__file__).parent)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a process was told to be on disk, by the ids of the entries."""

    begun: tuple[str, ...]
    done: frozenset[str]


def text_of(number: int) -> Content:
    """Give what the entry with this number makes of its file."""
    return noise(number, 600)


def record_one(place: Place, journal: Journal, output: int) -> None:
    """Begin and finish one entry, and say so."""
    number = max((entry.number for entry in journal.entries(limit=1)), default=0) + 1
    with journal.writing():
        entry = journal.begin(place.change(text_of(number - 1), text_of(number)))
        os.write(output, f"begun {entry.id}\n".encode())
        journal.finish(entry.id)
        os.write(output, f"done {entry.id}\n".encode())


def acknowledged(lines: Iterable[str]) -> Acknowledged:
    """Read the output of a process; its last line may be cut off."""
    words = [line.split() for line in lines if line.endswith("\n")]
    return Acknowledged(
        tuple(name for kind, name in words if kind == "begun"),
        frozenset(name for kind, name in words if kind == "done"),
    )


def check(place: Place, acks: Acknowledged) -> None:
    """See that nothing acknowledged is lost, and settle what was left unfinished."""
    journal = place.journal(limits=LIMITS)
    entries = journal.entries()
    numbers = [entry.number for entry in entries]
    assert numbers == list(range(len(numbers), 0, -1)) or len(numbers) >= LIMITS.max_entries
    found = {entry.id: entry for entry in entries}
    for name in acks.begun[-LIMITS.max_entries :]:
        is_done = name in acks.done
        assert found[name].state is EntryState.DONE or (not is_done and name == acks.begun[-1])
    check_contents(journal, entries)
    unfinished = journal.unfinished()
    assert unfinished == tuple(entry for entry in entries if entry.state is EntryState.PENDING)
    assert len(unfinished) <= 1
    for entry in unfinished:
        assert journal.interrupt(entry.id, ["its process was killed"]).notes
    assert not list(place.folder.glob("incoming/*"))
    journal.close()


def check_contents(journal: Journal, entries: Sequence[Entry]) -> None:
    """See that the newest contents are there, and that none that is kept is damaged."""
    for n_younger, entry in enumerate(entries):
        (file,) = entry.files
        if n_younger < N_KEPT:
            assert is_kept(journal, file)
        for stored, number in ((file.before, entry.number - 1), (file.after, entry.number)):
            assert stored is not None
            if journal.is_kept(stored):
                assert journal.load(stored).content == text_of(number)


def is_kept(journal: Journal, file: FileRecord) -> bool:
    """Tell whether both contents of a file are in the store."""
    return all(
        stored is not None and journal.is_kept(stored) for stored in (file.before, file.after)
    )


def _record(folder: Path) -> None:
    with ExitStack() as stack:
        place = Place(folder=folder, root=folder.parent, stack=stack)
        journal = place.journal(limits=LIMITS)
        while True:
            record_one(place, journal, sys.stdout.fileno())


def _step(folder: Path, stride: int) -> None:
    """Kill a process at each Nth line of the journal's code, in a new folder and in an old one."""
    with ExitStack() as stack:
        old = Place(folder=folder / "old", root=folder, stack=stack)
        _fill(old)
        n_killed = 0
        for n_lines in count(1, stride):
            new = Place(folder=folder / f"new-{n_lines}", root=folder, stack=stack)
            were_killed = [_killed_at(place, n_lines) for place in (new, old)]
            if not any(were_killed):
                break
            n_killed += sum(were_killed)
    sys.stdout.write(f"{n_killed}\n")


def _fill(place: Place) -> None:
    """Record so much that something is dropped at each further entry."""
    journal = place.journal(limits=LIMITS)
    with open(os.devnull, "wb") as output:
        for _ in range(LIMITS.max_entries + 5):
            record_one(place, journal, output.fileno())
    journal.close()


def _killed_at(place: Place, n_lines: int) -> bool:
    """Record in a process of its own until a line; tell whether it got there."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _record_until(place, n_lines, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as lines:
        acks = acknowledged(lines)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    check(place, acks)
    return status != 0


def _record_until(place: Place, n_lines: int, output: int) -> NoReturn:
    try:
        _die_after(n_lines)
        journal = place.journal(limits=LIMITS)
        record_one(place, journal, output)
        journal.close()
        os._exit(0)
    finally:
        sys.settrace(None)
        traceback.print_exc()
        os._exit(1)


def _die_after(n_lines: int) -> None:
    left = n_lines

    def trace(frame: FrameType, event: str, _: object) -> "Trace | None":
        nonlocal left
        if not frame.f_code.co_filename.startswith(_CODE):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)


if __name__ == "__main__":
    if sys.argv[1] == "record":
        _record(Path(sys.argv[2]))
    else:
        _step(Path(sys.argv[2]), int(sys.argv[3]))
