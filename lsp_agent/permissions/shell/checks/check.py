"""What a check is, and what it is given to look at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.showing import one_line
from lsp_agent.permissions.shell.world import World
from mcp_tools.code.commands.script import Script, SimpleCommand
from mcp_tools.types.calls import Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The name of a check, and what it means when it finds something."""

    name: str
    meaning: str

    def high(self, detail: str, *paths: Path) -> Finding:
        """Make a finding of something that is not understood, or may do harm."""
        return self._finding(Risk.HIGH, detail, paths)

    def medium(self, detail: str, *paths: Path) -> Finding:
        """Make a finding of something that is understood, and stays in the workspace."""
        return self._finding(Risk.MEDIUM, detail, paths)

    def _finding(self, risk: Risk, detail: str, paths: tuple[Path, ...]) -> Finding:
        return Finding(check=self.name, risk=risk, detail=one_line(detail), paths=paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A simple command of a line, where it would run."""

    command: SimpleCommand
    cwd: Path | None
    """Canonical, after each `cd` before it; None where that is not known."""
    root: Path
    world: World
    has_piped_input: bool = False

    @property
    def name(self) -> str:
        """The program as it is called, without folders; empty if there is none."""
        return self.command.words[0].text.rpartition("/")[2] if self.command.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The other words, globs as they are written."""
        return tuple(word.text for word in self.command.words[1:])

    @property
    def text(self) -> str:
        """The words as they are written."""
        return " ".join(word.source for word in self.command.words)


LineCheck: TypeAlias = Callable[[Script], Iterable[Finding]]
"""Looks at a line as a whole."""

PartCheck: TypeAlias = Callable[[Part], Iterable[Finding]]
"""Looks at one simple command."""
