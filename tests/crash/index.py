"""Kill a build of the index at random moments; look whether answers are right then.

Run as `python -m tests.crash.index [--kills 200] [--seed S]`. The code base is a part of the
standard library; some of its files change before each build, and now and then the database is
gone. After each kill a new index over the same database is asked at once, before anything was
built, and once more after a whole build. The answers must be those of an index that was never
killed. The exit code is 1 if one was not.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

PACKAGES = ("asyncio", "email", "http", "importlib", "json", "logging", "unittest", "xml")
NAMES = ("Task", "loads", "fromString", "TestCase", "getLogger", "parse", "no_such_name_at_all")
N_CHANGED = 40
PAUSE_S = 0.01
WORKERS_END_S = 10.0

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill, and what was wrong after it."""

    state: str
    """What the database was when the build was killed: `none`, `partial` or `whole`."""
    problems: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print, and give 0 if all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.index")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        kills = list(kill_builds(Path(folder), options.kills, random.Random(options.seed)))
    n_bad = sum(bool(kill.problems) for kill in kills)
    for kill in kills:
        for problem in kill.problems:
            _say(f"  VIOLATION ({kill.state}): {problem}")
    _say(f"found: {dict(Counter(kill.state for kill in kills))}")
    _say(f"{len(kills)} kills, {n_bad} violations, {time.perf_counter() - started:.0f} s")
    return 1 if n_bad else 0


def kill_builds(folder: Path, n_kills: int, chance: random.Random) -> Iterator[Kill]:
    """Kill builds of one code base again and again, and check after each."""
    root, database = folder / "code", folder / "cache" / "index.db"
    copy_packages(root)
    whole_s = timed_build(root, folder / "first" / "index.db")
    for number in range(n_kills):
        if chance.random() < 0.3:
            shutil.rmtree(database.parent, ignore_errors=True)
        change_some(root, chance, number)
        pids = kill_build(root, database, chance.uniform(0.0, 1.2 * whole_s))
        yield Kill(
            state=state_of(root, database),
            problems=(*workers_left(pids), *wrong_answers(root, database)),
        )


def copy_packages(root: Path) -> None:
    """Make the code base."""
    library = Path(sysconfig.get_paths()["stdlib"])
    for package in PACKAGES:
        skipped = shutil.ignore_patterns("__pycache__", "test*")
        shutil.copytree(library / package, root / package, ignore=skipped)


def timed_build(root: Path, database: Path) -> float:
    """Build to the end in a process of its own, and give the seconds."""
    started = time.perf_counter()
    subprocess.run(_argv(root, database), check=True, capture_output=True)
    return time.perf_counter() - started


def change_some(root: Path, chance: random.Random, number: int) -> None:
    """Change files, add one, and remove one that was added before."""
    files = sorted(root.rglob("*.py"))
    for path in chance.sample(files, N_CHANGED):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nloads = 'change {number}'\n")
    (root / "json" / f"added_{number}.py").write_text(f"def added_{number}(): parse()\n", "utf-8")
    (root / "json" / f"added_{number - 3}.py").unlink(missing_ok=True)


def kill_build(root: Path, database: Path, after_s: float) -> list[int]:
    """Start a build, kill it after some seconds, and give the ids of its workers by then."""
    with subprocess.Popen(_argv(root, database), stdout=subprocess.PIPE) as build:
        assert build.stdout is not None
        deadline = time.perf_counter() + after_s
        while time.perf_counter() < deadline and build.poll() is None:
            time.sleep(PAUSE_S)
        workers = _children(build.pid)
        build.send_signal(signal.SIGKILL)
    return workers


def workers_left(pids: Sequence[int]) -> tuple[str, ...]:
    """Tell which workers did not end when their builder was gone."""
    deadline = time.perf_counter() + WORKERS_END_S
    left = [pid for pid in pids if _is_alive(pid)]
    while left and time.perf_counter() < deadline:
        time.sleep(PAUSE_S)
        left = [pid for pid in left if _is_alive(pid)]
    return tuple(f"worker {pid} is still there" for pid in left)


def state_of(root: Path, database: Path) -> str:
    """Tell how far the build came."""
    if not database.exists():
        return "none"
    index = Index(root, database, n_workers=0)
    snapshot = Workspace(DiskSource(root)).snapshot()
    state = index.view(snapshot).state()
    index.close()
    return "whole" if state.n_indexed == state.n_files else "partial"


def wrong_answers(root: Path, database: Path) -> tuple[str, ...]:
    """Compare with an index that was never killed: at once, and after a whole build."""
    snapshot = Workspace(DiskSource(root)).snapshot()
    fresh = Index(root, None, n_workers=0)
    fresh.build()
    index = Index(root, database, n_workers=0)
    try:
        expected = answers(fresh.view(snapshot))
        problems = [
            f"before the build, {name!r}: {len(files)} files more"
            for name in NAMES
            if (files := set(fresh.view(snapshot).files_with(name)))
            - set(index.view(snapshot).files_with(name))
        ]
        index.build()
        found = answers(index.view(snapshot))
        problems += [f"after the build: {key}" for key in expected if found[key] != expected[key]]
    finally:
        index.close()
        fresh.close()
    return tuple(problems)


def answers(codebase: CodebaseView) -> Answers:
    """Give what is compared."""
    facts = {file: codebase.facts(file) for file in codebase.files()}
    symbols = {name: codebase.find_symbols(name, 10_000) for name in NAMES}
    return {
        "files": tuple(codebase.files()),
        "completeness": codebase.state().is_complete,
        "facts": facts,
        **{f"files with {name}": tuple(codebase.files_with(name)) for name in NAMES},
        **{f"symbols {name}": sorted(found, key=str) for name, found in symbols.items()},
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _argv(root: Path, database: Path) -> list[str]:
    return [sys.executable, "-m", "tests.crash.index_build", str(root), str(database)]


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"


if __name__ == "__main__":
    sys.exit(main())
