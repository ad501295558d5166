"""Worker processes."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from mcp_tools.index import pool as pools
from mcp_tools.index.batches import Order
from mcp_tools.index.pool import PoolFailed, Urgency, WorkerPool
from tests.mcp_tools.index.coding import Code, names_found


@pytest.fixture
def pool(code: Code) -> Generator[WorkerPool]:
    pool = WorkerPool(code.root, 1, b"")
    yield pool
    pool.close()


def test_workers_read_what_they_are_given(code: Code, pool: WorkerPool) -> None:
    code.write({"a.py": "def f(): ...\n", "b.py": "f()\n"})
    (batch,) = pool.submit(Order(["a.py", "gone.py", "b.py"]), Urgency.BUILD).result(timeout=20)
    assert [read.file for read in batch.files] == ["a.py", "b.py"]
    assert batch.gone == ["gone.py"]
    assert list(batch.postings.positions("f")) == [0, 1]
    assert [row.name for row in batch.symbols.rows()] == ["f"]


def test_workers_look_for_one_name(code: Code, pool: WorkerPool) -> None:
    code.write({"a.py": "def f(): ...\n", "b.py": "from a import f\n", "c.py": "g()\n"})
    (batch,) = pool.submit(Order(["a.py", "b.py", "c.py"], "f"), Urgency.QUERY).result(timeout=20)
    assert [read.file for read in batch.files] == ["a.py"]
    assert [(each.file, each.glance.module) for each in batch.glanced] == [("b.py", "a")]


def test_a_worker_that_is_killed_costs_no_file(code: Code, pool: WorkerPool) -> None:
    code.write({"a.py": "x = 1\n", "b.py": "y = 1\n"})
    assert pool.submit(Order(["a.py"]), Urgency.BUILD).result(timeout=20)
    for child in children():
        os.kill(child, signal.SIGKILL)
    batches = pool.submit(Order(["a.py", "b.py"]), Urgency.BUILD).result(timeout=20)
    reasons = {read.file: read.reason for batch in batches for read in batch.files}
    assert reasons == {"a.py": "", "b.py": ""}


def test_a_file_that_takes_too_long_is_left_out_and_named(
    code: Code, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    code.write({"slow.py": "x = f(y)\n" * 100_000})
    monkeypatch.setattr(pools, "FILE_TIMEOUT_S", 0.001)
    (batch,) = pool.submit(Order(["slow.py"]), Urgency.BUILD).result(timeout=20)
    assert [read.file for read in batch.files] == ["slow.py"]
    assert batch.files[0].reason.startswith("reading it failed, or took longer than")


def test_a_closed_pool_takes_no_more(code: Code, pool: WorkerPool) -> None:
    pool.close()
    with pytest.raises(PoolFailed):
        pool.submit(Order(["a.py"]), Urgency.BUILD).result(timeout=5)


def test_a_build_with_workers_gives_what_one_without_gives(code: Code) -> None:
    text = "def f{0}(a, b):\n    return a.x + b.y\n\n"
    code.write({f"p/m{n}.py": text.format(n) * 500 for n in range(40)})
    with code.index(n_workers=2) as index:
        report = index.build()
        assert (report.is_complete, report.n_read, report.left_out) == (True, 40, ())
        view = code.view(index)
        assert len(view.files_with("x")) == 40
        assert names_found(view, "f39")[0] == "p/m39.py:f39"
        assert view.facts("p/m3.py") is not None


def test_a_first_question_about_many_files_is_answered_by_workers(code: Code) -> None:
    code.write({f"m{n}.py": f"def f{n}(): return word\n" * 900 for n in range(30)})
    of_others = set(children())
    with code.index(n_workers=2) as index:
        view = code.view(index)
        assert len(view.files_with("word")) == 30
        assert view.state().n_indexed == 30
    assert set(children()) <= of_others


def test_the_workers_of_a_killed_process_end(code: Code) -> None:
    code.write({f"m{n}.py": f"def f{n}(): return word\n" * 400 for n in range(90)})
    program = (
        "import sys\nfrom pathlib import Path\nfrom mcp_tools.index.index import Index\n"
        "index = Index(Path(sys.argv[1]), Path(sys.argv[2]), n_workers=1)\n"
        "index.build(lambda progress: print(progress.n_done, flush=True))\n"
    )
    argv = [sys.executable, "-c", program, str(code.root), str(code.database)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        workers = children(process.pid)
        process.send_signal(signal.SIGKILL)
    assert len(workers) == 1
    for worker in workers:
        wait_for_end(worker)
    with code.index() as index:
        assert len(code.view(index).files_with("word")) == 90


def children(pid: int | None = None) -> list[int]:
    pid = pid or os.getpid()
    tasks = Path(f"/proc/{pid}/task")
    found: list[int] = []
    for task in tasks.iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended since
            found += map(int, (task / "children").read_text("ascii").split())
    return found


def wait_for_end(pid: int) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], 5)[0]
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("script", ["exit 3", r"printf '\001\000\000\000\220'"])
def test_workers_that_end_at_their_start_hold_up_no_build(
    code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    code.write({f"m{i}.py": f"def f{i}(): ...\n" + "x = 1\n" * 20_000 for i in range(8)})
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with code.index(n_workers=2) as index:
        report = index.build()
        assert report.is_complete
        assert report.n_read == 8
        assert names_found(code.view(index), "f3") == ["m3.py:f3"]
