"""Opening a workspace for a command, and telling what became of an interrupted change."""

import argparse
import logging
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from lsp_agent.app import build_disk_engine
from lsp_agent.cli.command import CommandFailed, UsageError
from lsp_agent.cli.terminal import Terminal
from lsp_agent.config.settings import Settings, SettingsError
from lsp_agent.engine.engine import Engine
from mcp_tools.types.errors import ExpectedError, JournalFailed
from mcp_tools.types.journal import EntryState
from mcp_tools.workspace.disk.recovery import Recovered

MAX_NAMES = 10
"""Files that one message names; of more it says how many there are."""


def add_place_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of all commands on a workspace's changes."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
    )


@contextmanager
def opened(settings: Settings, root: Path, terminal: Terminal) -> Generator[Engine]:
    """Open a workspace; what an interrupted change left behind is mended, and told.

    Expected failures of what is done in it are told in a command's own words; in the end the
    workspace and the terminal are closed.
    Raises: CommandFailed where the journal is at fault, UsageError for the rest.
    """
    try:
        engine = _open(settings, root, terminal)
        try:
            yield engine
        finally:
            engine.close()
    except JournalFailed as error:
        raise CommandFailed(str(error)) from error
    except (ExpectedError, SettingsError) as error:
        raise UsageError(str(error)) from error
    finally:
        terminal.close()


def check_journal(engine: Engine) -> None:
    """See that the journal can be read, without which there is nothing to show.

    Raises: JournalFailed.
    """
    engine.applier.journal.entries(limit=1)


def recovery_lines(recovered: Recovered) -> Iterable[str]:
    """Say what was done about a change whose process was ended in the middle."""
    name = f"change #{recovered.entry.number} ({recovered.entry.label})"
    if recovered.is_finished:
        yield f"The program was ended during {name}; it had been made, and is kept."
        return
    if recovered.entry.state is EntryState.PENDING:
        yield (
            f"The program was ended during {name}; it cannot be put back yet, which is tried again "
            f"at the next start: {named(recovered.left)}."
        )
        return
    yield f"The program was ended during {name}; nothing of it stays."
    if recovered.put_back:
        yield f"Put back as before it: {named(recovered.put_back)}."
    if recovered.left:
        yield f"Left alone, since they were changed again: {named(recovered.left)}."


def named(names: Iterable[str], *, at_most: int = MAX_NAMES) -> str:
    """Give a list of names as text that stays short."""
    found = list(names)
    more = f" and {len(found) - at_most} more" if len(found) > at_most else ""
    return ", ".join(found[:at_most]) + more


def _open(settings: Settings, root: Path, terminal: Terminal) -> Engine:
    """Open a workspace.

    A journal that cannot be used is no hindrance yet: `check_journal` tells of it, or the first
    that has to write into it. Raises: ExpectedError, SettingsError.
    """
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        engine = build_disk_engine(settings, root)
    finally:
        logging.getLogger().removeHandler(collector)
    try:
        check_journal(engine)
    except JournalFailed:
        # What was logged says the same in other words.
        return engine
    recovered = (line for r in engine.recovered for line in recovery_lines(r))
    for line in (*collector.messages, *recovered):
        terminal.note(line, style="yellow")
    return engine


class _Collector(logging.Handler):
    """Keeps what is logged, so that it can be told in the right place, or not twice."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage())
