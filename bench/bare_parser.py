"""Parses files with tree-sitter and does nothing else.

This is what building an index is measured against.

Run as `python -m bench.bare_parser N FOLDER`: it parses every Python file below the folder with N
processes, and prints the seconds that it took once the processes were up.
"""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import tree_sitter_python
from tree_sitter import Language, Parser

CHUNK = 32


def parse_files(paths: Sequence[Path]) -> int:
    """Read and parse files, and give their size together, in bytes."""
    parser = Parser(Language(tree_sitter_python.language()))
    n_bytes = 0
    for path in paths:
        data = path.read_bytes()
        parser.parse(data)
        n_bytes += len(data)
    return n_bytes


def main(arguments: Sequence[str]) -> int:
    """Parse everything, and print the seconds."""
    n_processes, folder = int(arguments[0]), Path(arguments[1])
    paths = sorted(folder.rglob("*.py"))
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    with ProcessPoolExecutor(n_processes) as pool:
        list(pool.map(parse_files, [[] for _ in range(4 * n_processes)]))  # Start the processes.
        started = time.perf_counter()
        sum(pool.map(parse_files, chunks))
        print(time.perf_counter() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
