"""One trick: what lies in the repository, and how it is known to have worked.

A trick that works touches a file outside, reaches the listener, or gets a secret into an answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

LINK = "link to "


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a trick is planted, and what is around it."""

    root: Path
    """A repository with a commit and a file `a.py`."""
    canary: Path
    """Touched by a payload that runs."""
    url: str
    """Of a listener that hears each connection."""
    outside: Path
    """A folder of the user's, next to the repository."""
    secret: str
    """A text that must get into no answer."""

    def filled(self, text: str) -> str:
        """Put what is known here in the place of `@NAMES@`."""
        values = {
            "@TOUCH@": f"touch {self.canary}",
            "@CANARY@": str(self.canary),
            "@PYTHON@": f"open({str(self.canary)!r}, 'a').close()",
            "@URL@": self.url,
            "@PORT@": self.url.split(":")[2].split("/")[0],
            "@OUTSIDE@": str(self.outside),
            "@ROOT@": str(self.root),
            "@SECRET@": self.secret,
        }
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    def write(self, name: str, text: str) -> None:
        """Write a file with its folders: a script can be run, `.git/config` is added to.

        A name with `@OUTSIDE@` lies outside; a text that begins with `link to` is a link.
        """
        filled = self.filled(text)
        path = self.root / self.filled(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if filled.startswith(LINK):
            path.unlink(missing_ok=True)
            path.symlink_to(filled.removeprefix(LINK))
            return
        is_config = path.name == "config" and path.is_file()
        with path.open("a" if is_config else "w", encoding="utf-8") as file:
            file.write(filled)
        if filled.startswith("#!"):
            path.chmod(0o755)


More: TypeAlias = Callable[[Ground], None]


def _nothing(ground: Ground) -> None:
    del ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One hostile repository."""

    name: str
    source: str
    """Which published hole, or which file that runs later, it stands for."""
    files: Mapping[str, str]
    more: More = _nothing
    """What is planted beside files."""
    control: str = ""
    """A shell line that makes it work without us, to prove the canary; empty where none can."""
    is_at_start: bool = False
    """It aims at the start of the program in that folder."""

    def put(self, ground: Ground) -> None:
        """Plant it."""
        for name, text in self.files.items():
            ground.write(name, text)
        self.more(ground)


def plant(
    name: str, source: str, files: Mapping[str, str], control: str = "", more: More = _nothing
) -> Plant:
    """Give a row of a table."""
    return Plant(name=name, source=source, files=files, control=control, more=more)
