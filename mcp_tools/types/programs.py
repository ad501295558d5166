"""A helper program's run, as values."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run: exactly these arguments, never a shell line."""

    argv: tuple[str, ...]
    """The first is the program's bare name, found by the implementation of the port."""
    cwd: Path
    stdin: str = ""
    timeout_s: float = 30.0
    max_output_bytes: int = 64 * 1024 * 1024
    """What it may print; the memory of all callers is at stake."""
    not_below: Path | None = None
    """A folder that the program must not lie in: what a repository brings along is not started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How a program ended and what it printed, decoded as UTF-8 with replacement."""

    exit_code: int
    stdout: str
    stderr: str
