"""Builds an index and ends; the process that the crash test of the index kills.

Run as `python -m tests.crash.index_build ROOT DATABASE`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from mcp_tools.index.index import Index


def main(arguments: Sequence[str]) -> int:
    """Build with two worker processes."""
    root, database = map(Path, arguments)
    index = Index(root, database, n_workers=2)
    index.build()
    index.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
