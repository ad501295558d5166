"""A workspace to judge programs in, and a machine that has all of them."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.permissions.shell.invocation import Invocation
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.registry import model_of

FILES = """
    README.md LICENSE package.json pyproject.toml tsconfig.json data.json names.txt numbers.txt
    .gitignore .env .env.example Makefile Dockerfile src/main.py src/util.py src/data.csv
    src/app/view.ts docs/guide.md tests/test_main.py logs/app.log
""".split()  # noqa: SIM905 - a list of files reads best as lines of them

CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
[remote "origin"]
\turl = https://example.org/it.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
\tremote = origin
\tmerge = refs/heads/main
"""


NOTHING: frozenset[str] = frozenset()
"""The findings of what only reads."""


@dataclass(frozen=True, slots=True)
class RichMachine:
    """A machine on which every program is installed, in `/usr/bin`; its files are the real ones."""

    def program(self, name: str, cwd: Path) -> Path | None:
        return cwd / name if "/" in name else Path("/usr/bin", name)

    def real(self, path: Path) -> Path:
        return Path(os.path.realpath(path))

    def expand(self, pattern: str, cwd: Path) -> tuple[str, ...] | None:
        found = sorted(path.relative_to(cwd).as_posix() for path in cwd.glob(pattern))
        return tuple(found) or (pattern,)


def make_workspace(root: Path, config: str = CONFIG) -> Path:
    """Make a small project with a repository; nothing is started for that."""
    for name in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    for folder in ("objects", "refs", "hooks"):
        (root / ".git" / folder).mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (root / ".git" / "config").write_text(config, encoding="utf-8")
    return Path(os.path.realpath(root))


def judge(root: Path, *words: str, cwd: str = ".") -> list[Finding]:
    """Judge a program with its words."""
    model = model_of(words[0])
    assert model is not None, words[0]
    invocation = Invocation(
        program=words[0],
        arguments=words[1:],
        cwd=Path(os.path.realpath(root / cwd)),
        root=root,
        world=RichMachine(),
    )
    return list(model.judge(invocation))


def checks(root: Path, command: str) -> set[str]:
    """Give the names of what a command is found to do; its words are read as a shell would."""
    return {found.check for found in judge(root, *shlex.split(command))}
