"""A workspace, and a machine with a few programs, to judge lines in; nothing of it is run."""

import os
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.permissions.shell.checks.check import Part
from lsp_agent.permissions.shell.disk_world import DiskWorld
from lsp_agent.permissions.shell.judgement import LineJudgement
from lsp_agent.permissions.shell.judging import judge_line
from mcp_tools.code.commands.script import names, read_script

PROGRAMS = names("""
    awk bash cat cmake curl cut date dd env false find git grep head ls make mkdir mv perl pytest
    rm sed sort ssh sudo tail tool touch tr true uniq wc xargs zsh
""")
FILES = "a.py b.txt src/c.py src/deep/d.py .env"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Judges lines."""

    root: Path
    world: DiskWorld

    def judge(self, line: str, cwd: str = ".") -> LineJudgement:
        """Judge a line."""
        return judge_line(line, Path(os.path.realpath(self.root / cwd)), self.root, self.world)

    def checks(self, line: str, cwd: str = ".") -> dict[str, str]:
        """Give the risks of what is found, by the names of the checks."""
        return {found.check: found.risk for found in self.judge(line, cwd).findings}

    def part(self, line: str) -> Part:
        """Give the first command of a line as checks get it."""
        command = read_script(line).commands[0]
        return Part(command=command, cwd=self.root, root=self.root, world=self.world)


def make_gate(folder: Path) -> Gate:
    """Make the workspace and the machine in an empty folder.

    In the workspace, `out` leads out of it, `inner` to `src`, and `tool` is a program of its own.
    """
    top = Path(os.path.realpath(folder))
    root, programs, outside = top / "workspace", top / "bin", top / "outside"
    for name in FILES.split():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    outside.mkdir()
    (outside / "secret").write_text("", encoding="utf-8")
    (root / "out").symlink_to(outside)
    (root / "inner").symlink_to("src")
    programs.mkdir()
    for path in (*(programs / name for name in PROGRAMS), root / "tool", outside / "ls"):
        path.write_text("", encoding="utf-8")
        path.chmod(0o755)
    return Gate(root=root, world=DiskWorld(str(programs)))
