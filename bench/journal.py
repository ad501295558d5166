"""What it costs to know what a shell command changed, in a tree of many files.

Run as `python -m bench.journal [--files 50000] [-n 15] [--json]`. A git repository is made in a
temporary folder, and a command that does nothing is run in it: in a view of the files, as it is by
default, and in place between two looks at all files. The cost is the time of that less the time of
the bare command, and is compared to `git status` of the same tree, which runs in turn with them, so
that all see the same machine. The goal for the way that is used by default is a ratio of the
medians of at most 1.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from lsp_agent.sandbox.compare import Compared, Comparison, run_in_place
from lsp_agent.sandbox.runner import make_runner
from mcp_tools.types.commands import ShellCommand
from mcp_tools.types.errors import CannotShow
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

GOAL = 1.0
N_FILES = 50_000
N_ROUNDS = 15
FILES_PER_FOLDER = 20
FOLDERS_PER_FOLDER = 50

GIT = "git status"
BARE = "bare command"
VIEW = "in a view"
IN_PLACE = "in place, compared"
_COSTS = (VIEW, IN_PLACE)

_GIT_OPTIONS = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; gives 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.journal")
    parser.add_argument("--files", type=int, default=N_FILES, help=f"files ({N_FILES})")
    parser.add_argument("-n", type=int, default=N_ROUNDS, help=f"rounds ({N_ROUNDS})")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="lsp-agent-bench-") as name:
        folder = Path(name).resolve()
        make_tree(folder / "tree", options.files)
        way, times_s = asyncio.run(measure(folder, options.n))
    if options.json:
        print(json.dumps(summary(way, times_s) | {"files": options.files}))
    else:
        print(f"{options.files} files; by default a command runs {way}")
        print(table(times_s))
    return 0


def make_tree(root: Path, n_files: int) -> None:
    """Make a git repository of small source files, all of them committed."""
    for number in range(n_files):
        folder_number = number // FILES_PER_FOLDER
        folder = root / f"package{folder_number // FOLDERS_PER_FOLDER:03}"
        folder /= f"module{folder_number % FOLDERS_PER_FOLDER:02}"
        if number % FILES_PER_FOLDER == 0:
            folder.mkdir(parents=True)
        text = f'"""Module {number}."""\n' + "value = 1\n" * (number % 40)
        (folder / f"file{number % FILES_PER_FOLDER:02}.py").write_text(text, encoding="utf-8")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "files")):
        subprocess.run(["git", *_GIT_OPTIONS, *words], cwd=root, check=True)


async def measure(folder: Path, n_rounds: int) -> tuple[str, dict[str, list[float]]]:
    """Give the way that is used by default, and the seconds of each thing in each round."""
    root = folder / "tree"
    command = ShellCommand(argv=("true",), cwd=root)
    runner = make_runner(folder / "cache")
    workspace = Workspace(DiskSource(root))
    comparison = Comparison(root, folder / "cache")

    async def in_view() -> None:
        result = await runner.run(command, workspace.snapshot())
        assert not result.changes.files, result

    async def in_place() -> None:
        await run_in_place(command, comparison, _must_be_nothing)

    things: dict[str, Callable[[], Awaitable[None]]] = {
        GIT: lambda: _run("git", "status", "--porcelain", cwd=root),
        BARE: lambda: _run("true", cwd=root),
        VIEW: in_view,
        IN_PLACE: in_place,
    }
    try:
        await in_view()
    except CannotShow:
        # Such a tree is too large to be copied; what there is to say is said by the way.
        del things[VIEW]
    try:
        times_s = await _timed(things, n_rounds)
    finally:
        comparison.close()
    return await runner.describe(), times_s


def summary(way: str, times_s: Mapping[str, Sequence[float]]) -> dict[str, object]:
    """Give the figures as one JSON object."""
    return {
        "way": way,
        "median_s": {name: statistics.median(times) for name, times in times_s.items()},
        "ratio_to_git_status": ratios(times_s),
        "goal": GOAL,
    }


def table(times_s: Mapping[str, Sequence[float]]) -> str:
    """Give the figures as lines."""
    lines = [f"{'a command that does nothing':28} {'median':>9} {'min':>9} {'max':>9}"]
    for name, times in times_s.items():
        figures = (statistics.median(times), min(times), max(times))
        lines.append(f"{name:28} " + " ".join(f"{1000 * figure:6.1f} ms" for figure in figures))
    for name, ratio in ratios(times_s).items():
        goal = f" (goal: at most {GOAL:g})" if name == VIEW else ""
        lines.append(f"cost {name}: {ratio:.2f} of git status{goal}")
    return "\n".join(lines)


def ratios(times_s: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Give the cost of each way, without the command itself, as a share of `git status`."""
    medians = {name: statistics.median(times) for name, times in times_s.items()}
    return {
        name: (medians[name] - medians[BARE]) / medians[GIT] for name in _COSTS if name in medians
    }


async def _timed(
    things: Mapping[str, Callable[[], Awaitable[None]]], n_rounds: int
) -> dict[str, list[float]]:
    times_s: dict[str, list[float]] = {name: [] for name in things}
    for round_number in range(n_rounds + 1):
        for name, thing in things.items():
            started = time.perf_counter()
            await thing()
            elapsed_s = time.perf_counter() - started
            if round_number > 0:  # The first round fills caches: the disk's, git's and ours.
                times_s[name].append(elapsed_s)
    return times_s


async def _run(*argv: str, cwd: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *argv, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    await process.communicate()
    assert process.returncode == 0, argv


def _must_be_nothing(compared: Compared) -> None:
    assert not compared.transitions, compared


if __name__ == "__main__":
    sys.exit(main())
