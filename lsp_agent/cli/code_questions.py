"""What the commands on code have in common."""

import argparse
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from lsp_agent.cli.arguments import settings_of, workspace_of
from lsp_agent.cli.command import CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.terminal import Terminal
from lsp_agent.config.settings import SettingsError, index_database
from mcp_tools.code.answers.data import index_data
from mcp_tools.code.answers.listing import Listing, whole_text
from mcp_tools.code.answers.naming import OpenView
from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import ExpectedError, OutsideWorkspace
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace

DataT = TypeVar("DataT")

SCHEMA = 1
"""Grows when a field goes or changes its meaning; new fields may come at any time."""

SYMBOL_HELP = "`name`, `Class/method`, `pkg.mod:Class.method`, `file.py:name` or `file.py:LINE:COL`"

_OUTCOMES = {ExitCode.DONE: "done", ExitCode.CANCELLED: "cancelled"}


def add_code_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of all commands on code."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--path", metavar="DIR", help="the top folder of the code; else the nearest project is"
    )


def database_of(arguments: argparse.Namespace, root: Path) -> Path | None:
    """Give the file that keeps the index of a folder; None if the settings want none.

    Raises: UsageError.
    """
    settings = settings_of(arguments)
    try:
        return index_database(root) if settings.index else None
    except SettingsError as error:
        raise UsageError(str(error)) from error


@contextmanager
def opened_code(arguments: argparse.Namespace) -> Generator[OpenView]:
    """Open the code of a folder for a question.

    The index need not be there: then text search finds the files to look into.
    Raises: UsageError if what was asked for cannot be meant; CommandFailed for an expected
        failure within, which JSON tells too.
    """
    root = workspace_of(arguments.path)
    index = Index(root, database_of(arguments, root))
    snapshot = Workspace(DiskSource(root)).snapshot()
    try:
        yield lambda: index.view(snapshot)
    except OutsideWorkspace as error:
        raise UsageError(str(error)) from error
    except ExpectedError as error:
        if arguments.json:
            print(json.dumps(answer_head(ExitCode.NOT_SOLVED, str(error))))
        raise CommandFailed(str(error)) from error
    finally:
        index.close()


def print_answer(
    arguments: argparse.Namespace,
    codebase: CodebaseView,
    listing: Listing[DataT],
    data: Mapping[str, object],
) -> int:
    """Print an answer, in full as text or as JSON, and give the exit code."""
    if arguments.json:
        head = answer_head(ExitCode.DONE, listing.head)
        print(json.dumps({**head, **data, "index": asdict(index_data(codebase.state()))}))
        return ExitCode.DONE
    terminal = Terminal()
    terminal.output(whole_text(listing))
    terminal.close()
    return ExitCode.DONE


def answer_head(exit_code: ExitCode, text: str) -> dict[str, object]:
    """Give the fields that every JSON object of a command has."""
    outcome = _OUTCOMES.get(exit_code, "not_solved")
    return {"schema": SCHEMA, "outcome": outcome, "exit_code": int(exit_code), "text": text}
