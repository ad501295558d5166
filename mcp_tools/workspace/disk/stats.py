"""What tells one state of a file from another without reading it."""

import os
from typing import NamedTuple


class Stat(NamedTuple):
    """What tells one state of a file from another without reading it."""

    mtime_ns: int
    size_bytes: int
    inode: int


def stat_of(status: os.stat_result) -> Stat:
    """Give of a file's status what tells its state."""
    return Stat(status.st_mtime_ns, status.st_size, status.st_ino)
