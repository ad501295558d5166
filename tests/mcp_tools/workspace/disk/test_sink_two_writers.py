"""Two processes that write the same file at the same time, over and over."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mcp_tools.types.errors import Conflict, StaleEdit
from mcp_tools.workspace.disk import placing
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from tests.mcp_tools.workspace.changing import changes, modify, write_now
from tests.mcp_tools.workspace.trees import tree
from tests.support.desk import Desk

N_LINES = 40
N_ROUNDS = 150
TIMEOUT_S = 60

COUNTING = """
import pathlib, sys
from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.journal.journal import Journal
from tests.mcp_tools.workspace.changing import ENTRY_ID, changes, modify

root, folder, name, n_lines = sys.argv[1:]
source = DiskSource(root)
journal = Journal(pathlib.Path(folder), source.root)
sink = DiskSink(source, lock=journal.writing)
paths = [source.root / "a.txt", source.root / "b.txt"]
for number in range(int(n_lines)):
    while True:
        texts = [source.read(path).text for path in paths]
        line = f"{name} {number}\\n"
        change = changes(*(modify(p, text, text + line) for p, text in zip(paths, texts)))
        try:
            sink.apply_now(change, ENTRY_ID)
            break
        except StaleEdit:
            pass
"""


def test_two_writers_lose_no_line_and_tear_no_file(desk: Desk) -> None:
    desk.write("a.txt", "")
    desk.write("b.txt", "")
    folder = desk.root.parent / "journal"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTING, str(desk.root), str(folder), name, str(N_LINES)]
        )
        for name in ("one", "two")
    ]
    assert [writer.wait(TIMEOUT_S) for writer in writers] == [0, 0]
    found = tree(desk.root)
    assert found.keys() == {"a.txt", "b.txt"}
    assert found["a.txt"] == found["b.txt"]
    lines = (found["a.txt"] or b"").decode().splitlines()
    for name in ("one", "two"):
        mine = [line for line in lines if line.startswith(name)]
        assert mine == [f"{name} {number}" for number in range(N_LINES)]
    assert len(lines) == 2 * N_LINES


SAVING = """
import os, sys
path = sys.argv[1]
for line in sys.stdin:
    text, n_loops = line.split()
    with open(path + ".saved", "w", encoding="utf-8") as file:
        file.write(text)
    for _ in range(int(n_loops)):
        pass
    os.replace(path + ".saved", path)
    print("saved", flush=True)
"""


@contextmanager
def saving(path: Path) -> Generator[subprocess.Popen[str], None, None]:
    """Start a program that knows nothing of us, and saves a file whenever it is told to."""
    with subprocess.Popen(
        [sys.executable, "-c", SAVING, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as program:
        yield program
        assert program.stdin is not None
        program.stdin.close()
        assert program.wait(TIMEOUT_S) == 0


@pytest.mark.skipif(not placing.HAS_RENAME_FLAGS, reason="this system cannot swap two files")
def test_what_another_program_saves_at_the_same_time_is_never_lost(desk: Desk) -> None:
    path = desk.write("a.txt", "start")
    with saving(path) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for number in range(N_ROUNDS):
            old = path.read_text(encoding="utf-8")
            program.stdin.write(f"theirs-{number} {number * 97 % 60_000}\n")
            program.stdin.flush()
            with suppress(StaleEdit, Conflict):
                write_now(desk.root, modify(path, old, f"ours-{number}"))
            assert program.stdout.readline() == "saved\n"
            # Ours was made from what was there before, so it never stands on top of theirs.
            assert path.read_text(encoding="utf-8") == f"theirs-{number}"
    assert set(os.listdir(desk.root)) == {"a.txt"}


def test_a_lock_is_held_around_a_change_and_given_back(desk: Desk) -> None:
    path = desk.write("a.txt", "a")
    seen: list[str] = []

    @contextmanager
    def lock() -> Generator[None, None, None]:
        seen.append(path.read_text(encoding="utf-8"))
        yield
        seen.append(path.read_text(encoding="utf-8"))

    DiskSink(DiskSource(desk.root), lock=lock).apply_now(changes(modify(path, "a", "b")), "x")
    assert seen == ["a", "b"]
