"""A program in a folder with some code."""

import json
import os
from pathlib import Path
from typing import Any

from tests.lsp_agent.cli.program import Program

PRICES = """\
RATE = 0.2


def tax(amount):
    return amount * RATE


class Price:
    def __init__(self, amount):
        self.amount = amount

    def total(self):
        return self.amount + tax(self.amount)
"""
BILLS = """\
from prices import Price, tax


def bill(amount):
    return Price(amount).total()


def fee():
    return tax(1) + tax(2)


def main():
    return bill(1) + fee()
"""


def code_program(folder: Path) -> Program:
    """Give the program in a new folder with two files that use one another."""
    home, project = folder / "home", folder / "project"
    for made in (home, project):
        made.mkdir()
    (project / "pyproject.toml").write_text("", encoding="utf-8")
    for name, text in (("prices.py", PRICES), ("bills.py", BILLS)):
        (project / name).write_text(text, encoding="utf-8")
        # A file that was written just now is read again, since it may change in the same instant.
        os.utime(project / name, (1_000_000_000, 1_000_000_000))
    return Program(home=home, cwd=project)


def lines(program: Program, *arguments: str) -> list[str]:
    """Give the lines that a command prints, and check that it succeeded."""
    done = program.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def answer(program: Program, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
    """Give the JSON object that a command prints."""
    done = program.run(*arguments, "--json")
    assert done.returncode == exit_code, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["schema"], shown["exit_code"]) == (1, exit_code)
    return shown
