"""A program and a small project for it, fresh for each test."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.program import Program

BROKEN = '''\
"""How long things are."""


def n_chars(words):
    """Count the characters of all words."""
    return sum(len(word) for word in wrds)
'''

LETTERS = "".join(f"{letter}\n" for letter in "abcdefghijklmnopqrst")


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


@pytest.fixture
def plain(tmp_path: Path) -> Program:
    """The program in a folder that is in no repository, with a home of its own."""
    home, folder = tmp_path / "plain-home", tmp_path / "plain"
    home.mkdir()
    folder.mkdir()
    (folder / "letters.txt").write_text(LETTERS, encoding="utf-8")
    return Program(home=home, cwd=folder)


def change(program: Program, line: str) -> None:
    """Let a shell line change the files, with an entry in the history."""
    done = program.run("run", "--apply", "--", "sh", "-c", line)
    assert done.returncode == 0, done.stderr
    assert "Written; `lsp-agent undo` takes it back." in done.stderr


def propose(program: Program, line: str) -> str:
    """Let a shell line make a proposal that waits for review; give its id."""
    done = program.run("run", "--json", "--", "sh", "-c", line)
    assert done.returncode == 0, done.stderr
    proposal_id = json.loads(done.stdout)["proposal"]
    assert isinstance(proposal_id, str)
    return proposal_id


def shown_json(program: Program, name: str, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
    """Give the JSON object that a command prints."""
    done = program.run(name, "--json", *arguments)
    assert done.returncode == exit_code, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["schema"], shown["exit_code"]) == (1, exit_code)
    return shown


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
