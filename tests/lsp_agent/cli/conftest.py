"""A program and a small project for it, fresh for each test."""

import subprocess
from pathlib import Path

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.program import Program

BROKEN = '''\
"""How long things are."""


def n_chars(words):
    """Count the characters of all words."""
    return sum(len(word) for word in wrds)
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git repository with one file, `lengths.py`, that has one typo on its last line."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "lengths.py").write_text(BROKEN, encoding="utf-8")
    (folder / "other.py").write_text('"""Nothing wrong here."""\n', encoding="utf-8")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(folder))
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "start")):
        subprocess.run([*git, *arguments], check=True, timeout=10)
    return folder


@pytest.fixture
def program(tmp_path: Path, project: Path) -> Program:
    """The program in the project, with no key."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home=home, cwd=project)


def scripted(program: Program, model: ScriptedModel) -> Program:
    """Give the program with a key, that asks a scripted model."""
    variables = {"ANTHROPIC_API_KEY": "key", "ANTHROPIC_BASE_URL": model.url}
    return Program(home=program.home, cwd=program.cwd, variables=variables)


def git_diff(project: Path) -> str:
    """Give what has changed on disk since the start, new files included."""
    subprocess.run(["git", "-C", str(project), "add", "-N", "."], check=True, timeout=10)
    done = subprocess.run(
        ["git", "-C", str(project), "diff"],
        capture_output=True,
        encoding="utf-8",
        timeout=10,
        check=True,
    )
    return done.stdout
