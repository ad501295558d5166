"""Kill a change of files at every moment that matters, reopen, and look whether all is well.

Run as `python -m tests.crash [--short] [--random N] [--seed S] [--workers N] [--folder FOLDER]`.
It prints how many crashes there were, where, and how they ended. The exit code is 1 if anything
was found torn, mixed, lost, left over or told wrongly.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from time import perf_counter

from tests.crash.rows import at_all_writes, at_random_moments, at_some_writes
from tests.crash.runs import Crash
from tests.crash.system_calls import has_table
from tests.crash.tracing import CannotTrace

_N_RANDOM, _N_SHORT_RANDOM = 2000, 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Crash, print, and give 0 if all was well."""
    options = _parser().parse_args(arguments)
    started = perf_counter()
    is_short: bool = options.short
    n_random: int | None = options.random
    if n_random is None:
        n_random = _N_SHORT_RANDOM if is_short else _N_RANDOM
    n_crashes = n_bad = 0
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        rows = _at_writes(Path(name), options.workers, is_short=is_short)
        moments = at_random_moments(Path(name), options.workers, n_random, options.seed)
        for crashes in filter(None, chain(rows, moments)):
            _say(report(crashes))
            n_crashes += len(crashes)
            n_bad += sum(bool(crash.verdict.problems) for crash in crashes)
    _say(f"{n_crashes} crashes, {n_bad} violations, {perf_counter() - started:.0f} s")
    return 1 if n_bad else 0


def report(crashes: Iterable[Crash]) -> str:
    """Give the counts by scenario, and each violation in full."""
    lines: list[str] = []
    for (scenario, kind), group in groupby(sorted(crashes, key=_row), _row):
        found = list(group)
        lines += [
            f"{scenario}, {kind}: killed {len(found)} times",
            f"  where: {_counted(crash.where for crash in found)}",
            f"  found: {_counted(crash.verdict.outcome for crash in found)}",
        ]
        for crash in found:
            at = f"{crash.where} {crash.number or ''}".strip()
            lines += [f"  VIOLATION at {at}: {problem}" for problem in crash.verdict.problems]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--short", action="store_true", help="a part of it, in a minute")
    parser.add_argument("--random", type=int, metavar="N", help="random moments (2000; short 60)")
    parser.add_argument("--seed", type=int, default=0, help="for the random moments (0)")
    n_cores = os.cpu_count() or 1
    parser.add_argument("--workers", type=int, default=min(n_cores, 8), help="processes at once")
    parser.add_argument("--folder", help="where the projects are made (temporary folder)")
    return parser


def _at_writes(folder: Path, n_workers: int, *, is_short: bool) -> Iterator[list[Crash]]:
    """Kill at calls that write; where that cannot be done, say why."""
    if not has_table():
        _say("system calls are not traced on this system, so only random moments are tried")
        return
    try:
        yield from (at_some_writes if is_short else at_all_writes)(folder, n_workers)
    except CannotTrace as error:
        _say(f"system calls are not traced here, so only random moments are tried: {error}")


def _row(crash: Crash) -> tuple[str, str]:
    return crash.scenario, crash.kind


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in Counter(names).most_common())


if __name__ == "__main__":
    sys.exit(main())
