"""What the judgement of a shell line has to know of the machine; it changes nothing there."""

from pathlib import Path
from typing import Protocol


class World(Protocol):
    """The machine that a line would run on."""

    def program(self, name: str, cwd: Path) -> Path | None:
        """Give the file that a command word runs, absolute; its links are not followed here.

        None if there is none. A name with a slash is taken from `cwd`.
        """
        ...

    def real(self, path: Path) -> Path:
        """Resolve the links of an absolute path, also of one that is not there (yet).

        A link that cannot be followed, as in a loop, stays in the result.
        """
        ...

    def expand(self, pattern: str, cwd: Path) -> tuple[str, ...] | None:
        """Give what a glob stands for, as the shell would; None if that is too much to look at."""
        ...
