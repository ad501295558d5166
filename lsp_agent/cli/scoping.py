"""What of the history a person means: an entry, a file, a hunk, a turn, or a moment."""

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lsp_agent.cli.command import UsageError
from lsp_agent.cli.moments import full, moment_of, now_here
from lsp_agent.cli.selecting import MIN_ID_CHARS
from mcp_tools.types.errors import NotFound
from mcp_tools.types.journal import Entry
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.undo.history import Scope
from mcp_tools.workspace.undo.past import Past

_NUMBER = re.compile(r"#?([0-9]{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What is to be taken back, and the moment that it leads to."""

    scope: Scope
    since: datetime | None = None
    """None if no moment was named, or an entry instead of one."""
    said: str = ""
    """The moment or entry in words; empty without one."""


def add_scope_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what to take back."""
    parser.add_argument(
        "entry", metavar="ENTRY", nargs="?", help="a number, or an id or the beginning of it"
    )
    parser.add_argument("--file", metavar="F", help="only this file, or folder")
    parser.add_argument("--hunk", metavar="ID", help="only this hunk of ENTRY")
    parser.add_argument("--turn", metavar="ID", help="all changes of one turn of the agent")
    parser.add_argument("--session", metavar="ID", help="all changes of one session")
    parser.add_argument(
        "--to",
        metavar="TIME|#N",
        help="all changes since then: `10:30`, `15m`, `2h`, `3d` (ago), an ISO time, or after "
        "entry N",
    )


def meant_by(arguments: argparse.Namespace, journal: Journal, here: Path) -> Meant:
    """Give what the options mean together.

    Raises: UsageError; NotFound for what is not in the history; JournalFailed.
    """
    if arguments.entry and (arguments.to or arguments.turn or arguments.session):
        raise UsageError("expected an ENTRY, or one of --to, --turn and --session, got both")
    if arguments.hunk and not arguments.entry:
        raise UsageError("a hunk is a part of one change: name its ENTRY too")
    scope = Scope(
        entry_id=arguments.entry,
        path=_path(arguments.file, journal, here),
        turn_id=arguments.turn,
        session_id=arguments.session,
    )
    if arguments.hunk:
        return Meant(scope=_of_hunk(scope, arguments.hunk, journal))
    if arguments.to is None:
        return Meant(scope=scope)
    if match := _NUMBER.fullmatch(arguments.to.strip()):
        entry = journal.entry(match[1])
        scope = replace(scope, after_id=entry.id)
        return Meant(scope=scope, said=f"after #{entry.number} ({entry.label})")
    moment = moment_of(arguments.to, now_here())
    return Meant(scope=replace(scope, since=moment), since=moment, said=f"at {full(moment)}")


def _path(name: str | None, journal: Journal, here: Path) -> Path | None:
    """Give the file of a name: as the history shows it comes first, then as the folder has it."""
    if name is None:
        return None
    shown = Path(os.path.normpath(journal.root / name))
    recorded = {journal.root / file.path for e in journal.entries() for file in e.files}
    if any(path == shown or shown in path.parents for path in recorded):
        return shown
    return Path(os.path.normpath(here / name))


def _of_hunk(scope: Scope, text: str, journal: Journal) -> Scope:
    """Give the scope of one hunk, which may be named by the beginning of its id."""
    assert scope.entry_id is not None
    entry = journal.entry(scope.entry_id)
    found = [(path, i) for path, i in _hunks(entry, scope.path, journal) if i.startswith(text)]
    if len(text) < MIN_ID_CHARS or not found:
        known = ", ".join(i for _, i in _hunks(entry, scope.path, journal))
        raise NotFound(f"#{entry.number} has no hunk {text!r}; it has {known or 'none'}")
    if len(found) > 1:
        ids = ", ".join(i for _, i in found)
        raise UsageError(f"{text!r} is the beginning of several hunks: {ids}")
    path, hunk_id = found[0]
    return replace(scope, entry_id=entry.id, path=path, hunk_id=hunk_id)


def _hunks(entry: Entry, path: Path | None, journal: Journal) -> Sequence[tuple[Path, str]]:
    past = Past(journal, journal.root)
    changes = [past.change(file) for file in entry.files if path in (None, past.path(file))]
    return [(change.path, hunk.id) for change in changes for hunk in change.hunks]
