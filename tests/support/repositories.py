"""A workspace in a real git repository, with the identity and settings of nobody."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from mcp_tools.types.calls import Answer, Tool
from mcp_tools.types.json import JsonValue
from tests.support.desk import Desk, desk_in


@dataclass(frozen=True)
class GitDesk:
    """A desk whose root lies in a repository."""

    desk: Desk
    top: Path

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git as a person would, and give what it prints."""
        run = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.top,
            capture_output=True,
            check=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
        return run.stdout.decode("utf-8", "replace")

    def commit(self, name: str, text: str, message: str = "change") -> str:
        """Write a file, commit it, and give the id of the commit."""
        self.desk.write(name, text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    async def call(self, tool: Tool, **arguments: JsonValue) -> Answer:
        """Validate the arguments and run a tool."""
        return await self.desk.call(tool, **arguments)

    async def text(self, tool: Tool, **arguments: JsonValue) -> str:
        """Give the text of an answer."""
        return (await self.call(tool, **arguments)).text


def git_desk(folder: Path, monkeypatch: pytest.MonkeyPatch, *, below: str = "") -> GitDesk:
    """Make a repository in a folder, with a home of its own; the root may lie below its top."""
    home = folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS"):
        monkeypatch.delenv(name, raising=False)
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n",
        encoding="utf-8",
    )
    top = folder / "project"
    (top / below).mkdir(parents=True)
    desk = GitDesk(desk=desk_in(top / below), top=top)
    desk.git("init", "-q")
    return desk
