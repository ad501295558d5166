"""How long a whole index takes, beside bare parsing of the same files.

Run as `python -m bench.index [--base django] [-n 3] [--workers 2]`. Both take turns. The goal is
four times of what tree-sitter needs to parse all files with as many processes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import machine, save
from bench.navigation import HOT_NAMES, say
from bench.sources import source_tree

GOAL = 4.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep; gives 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.index")
    parser.add_argument("--base", action="append", choices=HOT_NAMES, help="all of them")
    parser.add_argument("-n", type=int, default=3, help="runs of each (3)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parsed = parser.parse_args(arguments)
    lines = [
        f"### Building the whole index with {parsed.workers} processes, {machine()}",
        "",
        "| code base | files | bare parsing s | index s | ratio | goal | reached | database MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for base in parsed.base or HOT_NAMES:
        lines.append(row(base, parsed.n, parsed.workers))
        say(lines[-1])
    text = "\n".join(lines) + "\n"
    print(text)
    save("index", text)
    return 0


def row(base: str, n_runs: int, n_workers: int) -> str:
    """Measure one code base, and give its line of the table."""
    root = source_tree(base)
    bare_s: list[float] = []
    index_s: list[float] = []
    report: dict[str, object] = {}
    size_bytes = 0
    for _ in range(n_runs):
        bare_s.append(parse(root, n_workers))
        with tempfile.TemporaryDirectory(prefix="lsp-agent-bench-") as cache:
            started = time.perf_counter()
            report = build(root, Path(cache), n_workers)
            index_s.append(time.perf_counter() - started)
            size_bytes = sum(p.stat().st_size for p in Path(cache).rglob("*") if p.is_file())
    ratio = statistics.median(index_s) / statistics.median(bare_s)
    cells = (
        base,
        str(report.get("files", "?")),
        f"{statistics.median(bare_s):.2f}",
        f"{statistics.median(index_s):.2f}",
        f"{ratio:.2f}",
        f"{GOAL:.0f}",
        "yes" if ratio <= GOAL else "no",
        f"{size_bytes / 1e6:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def parse(root: Path, n_workers: int) -> float:
    """Give the seconds that bare parsing takes."""
    argv = (sys.executable, "-m", "bench.bare_parser", str(n_workers), str(root))
    return float(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)


def build(root: Path, cache: Path, n_workers: int) -> dict[str, object]:
    """Build an index with the command line, start of the process included."""
    argv = (sys.executable, "-m", "lsp_agent", "index", "--path", str(root), "--json")
    env = {
        **os.environ,
        "LSP_AGENT_CACHE_DIR": str(cache),
        "LSP_AGENT_INDEX_WORKERS": str(n_workers),
    }
    done = subprocess.run(argv, check=True, capture_output=True, text=True, env=env)
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
