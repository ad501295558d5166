"""What stays in reach of a command inside the walls, and the port of those who build them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a command may use up. All but the number of processes count for each process."""

    memory_bytes: int = 16 << 30
    """Of memory that it can write to."""
    file_bytes: int = 8 << 30
    n_open_files: int = 4096
    n_processes: int = 4096
    """At once, of the whole command."""
    cpu_s: int = 4 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The folders and files that walls are about, as they are on this machine; all exist."""

    hidden: tuple[Path, ...]
    """Secrets, and sockets of services: a folder is empty inside, a file too."""
    caches: tuple[Path, ...]
    """Folders that can be read and written inside; what is written is lost."""
    programs: tuple[Path, ...]
    """Can be read and run inside, wherever they lie, for example in a folder for scratch files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All that walls around one command need to know."""

    root: Path
    """Where the command finds the workspace; it may write there."""
    shown: Path
    """What it finds there: the root itself where that is a view, or a copy of it."""
    cwd: Path
    private: Path
    """An empty folder of ours, for what the command leaves in its scratch folders and caches."""
    places: Places
    limits: Limits
    channel_fd: int
    """Where the program inside tells how it went, see `channel.py`."""
    has_proxy: bool = False
    """Whether our proxy waits for a way to be reached from inside."""
    keeps_file_rights: bool = False
    """Root keeps its rights over files of other users, as it needs in a workspace of theirs."""


class Confinement(Protocol):
    """A way to build walls."""

    @property
    def name(self) -> str:
        """Give its name, for people."""
        ...

    def missing(self) -> str:
        """Say what it lacks on this machine, as far as that is quickly seen; empty for nothing."""
        ...

    def wrap(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Give the words that run a command inside the walls.

        The program that they name runs in a new process, and where it cannot build the walls it
        does not run the command.
        """
        ...
