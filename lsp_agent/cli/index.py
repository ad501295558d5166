"""Read all code of a project into the index."""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event

from lsp_agent.cli.arguments import workspace_of
from lsp_agent.cli.code_questions import add_code_arguments, answer_head, database_of
from lsp_agent.cli.command import CliCommand, CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.terminal import Terminal
from mcp_tools.code.answers.data import LeftOutData
from mcp_tools.code.answers.wording import counted
from mcp_tools.index.building import OnProgress
from mcp_tools.index.index import BuildReport, Index

MAX_NAMES = 20
"""Files left out that are named; of more it says how many there are."""
_PARTS = ("", "-wal", "-shm")
"""The files of a database: SQLite adds these endings to its name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--rebuild", action="store_true", help="forget what is kept, and read every file again"
    )
    add_code_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Build the index, and print what became of it. Raises: UsageError, CommandFailed."""
    root = workspace_of(arguments.path)
    database = database_of(arguments, root)
    if database is None:
        raise UsageError("the setting `index` is off, so that nothing would be kept")
    if arguments.rebuild:
        _remove(database)
    # What is logged of the index stands in the report.
    logging.getLogger().addHandler(logging.NullHandler())
    terminal = Terminal()
    index = Index(root, database)
    try:
        with _until_interrupted() as cancel:
            report = index.build(_shown_on(terminal), cancel)
    finally:
        index.close()
        terminal.close()
    exit_code = ExitCode.DONE if report.is_complete else ExitCode.CANCELLED
    if arguments.json:
        print(json.dumps(_as_json(report, exit_code)))
    else:
        for line in _lines(report):
            terminal.result(line)
    if report.problem:
        terminal.note(f"The index is not kept: {report.problem}", style="yellow")
    return exit_code


def _remove(database: Path) -> None:
    """Remove what is kept. Raises: CommandFailed."""
    try:
        for part in _PARTS:
            database.with_name(database.name + part).unlink(missing_ok=True)
    except OSError as error:
        raise CommandFailed(f"the index cannot be removed: {error}") from error


@contextmanager
def _until_interrupted() -> Generator[Event]:
    """Let Ctrl-C set an event, so that what is done by then is kept; a second one ends at once."""
    cancel = Event()

    def stop(_number: int, _frame: object) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


def _shown_on(terminal: Terminal) -> OnProgress | None:
    """Give what shows the progress in one line; nothing where that line would not be alone."""
    if not sys.stderr.isatty():
        return None
    return lambda progress: terminal.progress(
        f"Reading {progress.n_done} of {counted(progress.n_total, 'file')}"
    )


def _lines(report: BuildReport) -> list[str]:
    state = "" if report.is_complete else " before it was cancelled; the next time goes on there"
    lines = [
        f"{counted(report.n_files, 'source file')}, {report.n_read} read in "
        f"{report.elapsed_s:.1f} s{state}",
        f"{report.database_bytes / 1_000_000:.1f} MB on disk",
    ]
    if report.left_out:
        lines.append(f"left out: {counted(len(report.left_out), 'file')}")
        lines += [f"  {item.file}: {item.reason}" for item in report.left_out[:MAX_NAMES]]
        if len(report.left_out) > MAX_NAMES:
            lines.append(f"  and {len(report.left_out) - MAX_NAMES} more; --json names them")
    return lines


def _as_json(report: BuildReport, exit_code: ExitCode) -> dict[str, object]:
    left_out = (LeftOutData(path=item.file, reason=item.reason) for item in report.left_out)
    return {
        **answer_head(exit_code, _lines(report)[0]),
        "files": report.n_files,
        "files_read": report.n_read,
        "size_bytes": report.database_bytes,
        "seconds": round(report.elapsed_s, 3),
        "is_complete": report.is_complete,
        "problem": report.problem or None,
        "left_out": [asdict(item) for item in left_out],
    }


COMMAND = CliCommand(
    name="index",
    summary="read all code of a project, so that questions on it are answered at once",
    add_arguments=add_arguments,
    run=run,
)
