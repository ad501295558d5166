"""What a command of the command line is."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CliCommand:
    """One command; a module that has one ends in `COMMAND = CliCommand(...)`."""

    name: str
    summary: str
    """One line for `lsp-agent --help`; the table in `main` says the same."""
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Gives the exit code. Raises: UsageError, CommandFailed."""


class UsageError(Exception):
    """What was asked for cannot be meant; the text is for the person at the terminal."""


class CommandFailed(Exception):
    """What was asked for is right, but it cannot be done here; the text says what to do."""
