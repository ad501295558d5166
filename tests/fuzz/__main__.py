"""Run the fuzzer: `python -m tests.fuzz --messages N --seed S [--transport stdio|http]`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.fuzz.http import fuzz_http
from tests.fuzz.stdio import fuzz_stdio

RUNS = {"stdio": fuzz_stdio, "http": fuzz_http}


def main() -> int:
    """Run as the command line says; the exit code tells whether a problem was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transport", choices=RUNS, action="append")
    arguments = parser.parse_args()
    transports = arguments.transport or list(RUNS)
    n_problems = 0
    for transport in transports:
        with tempfile.TemporaryDirectory() as folder:
            begin = perf_counter()
            n_messages = arguments.messages // len(transports)
            report = asyncio.run(RUNS[transport](n_messages, arguments.seed, Path(folder)))
        print(f"{transport}, seed {arguments.seed}, {perf_counter() - begin:.0f} s")  # noqa: T201 - it is a command
        print(report.text())  # noqa: T201 - it is a command
        n_problems += len(report.problems)
    return 1 if n_problems else 0


if __name__ == "__main__":
    sys.exit(main())
