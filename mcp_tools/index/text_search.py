"""Which files mention a name at all: what a query asks while the index is not whole.

Reading the files here takes half the time of starting a search program for it, since the list of
files is known. A file that cannot be read mentions nothing; why it is left out is told later.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from mcp_tools.index.reading import MAX_SOURCE_BYTES

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def files_mentioning(root: Path, files: Iterable[str], name: str) -> list[str]:
    """Give the files, in their order, that have the name somewhere in their text."""
    needle = name.encode("utf-8", "surrogatepass")
    top = f"{root}/"
    found: list[str] = []
    for file in files:
        # The file may be gone, or be closed to us.
        with suppress(OSError, ValueError):
            if needle in _data(top + file):
                found.append(file)
    return found


def _data(path: str) -> bytes:
    descriptor = os.open(path, _FLAGS)
    try:
        return os.read(descriptor, MAX_SOURCE_BYTES + 1)
    finally:
        os.close(descriptor)
