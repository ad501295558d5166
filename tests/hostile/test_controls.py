"""The tricks are live: outside of the product, what they are made for happens."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.nest import Nest, nested
from tests.hostile.plant import Plant
from tests.hostile.plants.all import PLANTS

LIVE = [plant for plant in PLANTS if plant.control]
TELLING = {
    "git-file-leads-out": "git log",
    "git-link-leads-out": "git log",
    "git-borrowed-objects": "git log",
    "link-to-file": "cat notes.txt",
    "link-to-folder": "cat vendor/id",
    "link-as-settings": "python -m ruff format --diff a.py 2>&1",
    "ruff-extends": "python -m ruff format --diff a.py 2>&1",
}
"""Commands that show what lies outside."""


def test_most_kinds_are_shown_to_be_live() -> None:
    assert len(LIVE) + len(TELLING) >= 45


@pytest.mark.parametrize("plant", LIVE, ids=lambda plant: plant.name)
def test_it_works_without_us(tmp_path: Path, plant: Plant) -> None:
    with nested(tmp_path, [plant]) as nest:
        run(nest, plant.name, plant.control)
        assert nest.worked({}), "the trick does nothing"


@pytest.mark.parametrize("name", TELLING)
def test_it_tells_without_us(tmp_path: Path, name: str) -> None:
    (plant,) = [plant for plant in PLANTS if plant.name == name]
    with nested(tmp_path, [plant]) as nest:
        said = run(nest, name, TELLING[name])
        assert nest.worked({name: said}) == [f"{name} told a secret"]


def run(nest: Nest, name: str, line: str) -> str:
    """Run a shell line in a repository as a person would who trusts it."""
    python = f'python() {{ {shlex.quote(sys.executable)} "$@"; }}\n'
    who = {"GIT_AUTHOR_NAME": "x", "GIT_COMMITTER_NAME": "x"}
    emails = {"GIT_AUTHOR_EMAIL": "x@example.org", "GIT_COMMITTER_EMAIL": "x@example.org"}
    done = subprocess.run(
        ["bash", "-c", python + line],
        cwd=nest.grounds[name].root,
        env={**nest.environment, **who, **emails, "PYTHONPATH": "", "GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )
    return done.stdout
