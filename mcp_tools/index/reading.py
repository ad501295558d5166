"""What is in a source file on disk: its digest and its facts, or why it is left out.

The worker processes and the index itself read files by this one way. It imports no more than
extraction needs, because every worker pays for it.
"""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from mcp_tools.index.languages import Language, language_of
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.facts import Facts
from mcp_tools.types.glances import Glance
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.disk.beneath import open_file
from mcp_tools.workspace.disk.stats import Stat, stat_of
from mcp_tools.workspace.encoding import decode

MAX_SOURCE_BYTES = 1_000_000
"""Larger files are mostly generated; they are left out, and said to be."""


FAULT = "its facts cannot be extracted, by a fault of this program; the log has more"

T = TypeVar("T")
logger = logging.getLogger(__name__)


class SourceText(NamedTuple):
    """A file as it was read."""

    text: str
    """Empty if there is a reason."""
    reason: str
    """Why the file is left out; empty if it is not."""
    stat: Stat
    read_ns: int
    """When it was read, by the clock of this machine."""


def read_source(root: Path, file: str) -> SourceText | None:
    """Read a file of the workspace; None if there is none any more."""
    read_ns = time.time_ns()
    try:
        descriptor = open_file(root, root / file)
    except ExpectedError as error:
        return _unreadable(root, file, str(error), read_ns)
    except (OSError, ValueError) as error:
        return _unreadable(root, file, f"it cannot be opened: {error}", read_ns)
    with os.fdopen(descriptor, "rb") as opened:
        try:
            stat = stat_of(os.fstat(descriptor))
            data = opened.read(MAX_SOURCE_BYTES + 1)
        except OSError as error:
            return _unreadable(root, file, f"it cannot be read: {error.strerror}", read_ns)
    if len(data) > MAX_SOURCE_BYTES:
        return SourceText("", too_large(stat.size_bytes), stat, read_ns)
    try:
        return SourceText(decode(data, Path(file))[0], "", stat, read_ns)
    except ExpectedError as error:
        return SourceText("", str(error), stat, read_ns)


def facts_of(file: str, text: str) -> Facts | None:
    """Extract the facts of a text; None if its language is not known, or it cannot be done."""
    return _understood(file, lambda language: language.extract(text))


def glance_at(file: str, text: str, name: str) -> Glance | None:
    """Look at one name in a text; None if only facts can tell what it means there."""
    return _understood(file, lambda language: language.glance(text, name))


def too_large(size_bytes: int) -> str:
    """Say why a file of that size is left out."""
    return f"it has {size_bytes} bytes, more than the limit for source, {MAX_SOURCE_BYTES}"


def packed_digest(text: str) -> bytes:
    """Give the digest of a text as bytes."""
    return bytes.fromhex(digest_of(text))


def _understood(file: str, understand: Callable[[Language], T | None]) -> T | None:
    language = language_of(file)
    if language is None:
        return None
    try:
        return understand(language)
    except Exception:
        # A fault of ours with one text must not keep all others from being known.
        logger.exception("%s cannot be indexed", file)
        return None


def _unreadable(root: Path, file: str, reason: str, read_ns: int) -> SourceText | None:
    try:
        stat = stat_of(os.lstat(root / file))
    except (OSError, ValueError):
        return None
    return SourceText("", reason, stat, read_ns)
