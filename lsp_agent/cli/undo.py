"""Take changes back, or make them again; what was changed since is merged or left alone."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.agent.events import ConflictFound, Outcome
from lsp_agent.cli.arguments import folder_in, settings_of, workspace_of
from lsp_agent.cli.beside_diff import beside_diff
from lsp_agent.cli.command import CliCommand
from lsp_agent.cli.entry_files import entry_diff
from lsp_agent.cli.entry_report import conflict_json, targets_json
from lsp_agent.cli.opening import add_place_arguments, check_journal, opened
from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.render import Done, perform
from lsp_agent.cli.report import outcome_json, proposal_json
from lsp_agent.cli.scoping import Meant, add_scope_arguments, meant_by
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Redo, Undo
from lsp_agent.engine.undoing import plan_of
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.journal import Target
from mcp_tools.workspace.changes import diff_of
from mcp_tools.workspace.undo.history import select, select_redo

EPILOG = """\
Without arguments the newest change is taken back. An undo is a change too: --redo makes again
what was undone. Nothing is ever written over what was changed since; that is named instead.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What is to be taken back, and where."""

    engine: Engine
    meant: Meant
    is_redo: bool

    @property
    def root(self) -> Path:
        return self.engine.workspace.root

    @property
    def op(self) -> Undo | Redo:
        return Redo(self.meant.scope) if self.is_redo else Undo(self.meant.scope)

    def targets(self) -> tuple[Target, ...]:
        """Give what is meant. Raises: NotFound if there is nothing; JournalFailed."""
        choose = select_redo if self.is_redo else select
        return choose(self.engine.applier.journal.entries(), self.meant.scope, self.root)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undone:
    """What came of it, or would come of it."""

    done: Done
    diff: str = ""
    targets: tuple[Target, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EPILOG
    add_scope_arguments(parser)
    parser.add_argument("--redo", action="store_true", help="make again what was undone")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would happen, and change nothing"
    )
    add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take back what is meant, show that, and give the exit code.

    Raises: UsageError, CommandFailed.
    """
    settings, root = settings_of(arguments), workspace_of(arguments.root)
    terminal = Terminal()
    with opened(settings, root, terminal) as engine:
        check_journal(engine)
        meant = meant_by(arguments, engine.applier.journal, folder_in(root))
        work = _Work(engine=engine, meant=meant, is_redo=arguments.redo)
        if meant.said and not arguments.json:
            terminal.note(f"Back to what was there {meant.said}.")
        undone = _planned(work) if arguments.dry_run else _made(work, terminal)
        if arguments.json:
            print(_report(undone, work, is_dry_run=arguments.dry_run))
        else:
            _show(undone, work, terminal, is_dry_run=arguments.dry_run)
    return EXIT_CODES[undone.done.outcome]


def _planned(work: _Work) -> _Undone:
    """Compute what would happen.

    Raises: NotFound if there is nothing to take back; JournalFailed.
    """
    try:
        plan = plan_of(work.engine, work.op)
    except StaleEdit as error:
        return _Undone(done=Done(outcome=Outcome.NOT_SOLVED, text=str(error)))
    diff = diff_of(plan.changes, work.engine.workspace.snapshot().below_state, work.root)
    conflicts = tuple(
        ConflictFound(path=c.path, line_number=c.line_number, reason=c.reason)
        for c in plan.conflicts
    )
    outcome = Outcome.NOT_SOLVED if conflicts else Outcome.DONE
    text = "\n".join((plan.label, *plan.changes.annotations))
    return _Undone(
        done=Done(outcome=outcome, text=text, conflicts=conflicts),
        diff=beside_diff(plan.changes, work.root) + diff,
        targets=plan.targets,
    )


def _made(work: _Work, terminal: Terminal) -> _Undone:
    """Take it back.

    Raises: NotFound if there is nothing to take back; JournalFailed.
    """
    work.targets()
    done = asyncio.run(perform(work.engine, work.op, terminal))
    journal = work.engine.applier.journal
    return _Undone(
        done=done,
        diff="".join(entry_diff(entry, journal) for entry in done.entries),
        targets=tuple(target for entry in done.entries for target in entry.targets),
    )


def _show(undone: _Undone, work: _Work, terminal: Terminal, *, is_dry_run: bool) -> None:
    """Print the difference on stdout, and what there is to say about it on stderr."""
    done = undone.done
    terminal.diff(undone.diff)
    style = "green" if done.outcome is Outcome.DONE else "yellow"
    terminal.note(done.text.strip(), style=style)
    for place in _places(done.conflicts, work.root):
        terminal.note(f"Left alone: {place}", style="yellow")
    if is_dry_run:
        terminal.note("Nothing was changed, since this is a dry run.")
    for entry in done.entries:
        verb = "undo" if work.is_redo else "undo --redo"
        terminal.note(f"This is #{entry.number} in the history; `lsp-agent {verb}` turns it round.")


def _places(conflicts: Sequence[ConflictFound], root: Path) -> Sequence[str]:
    return [
        f"{conflict.path.relative_to(root).as_posix()}"
        f"{'' if conflict.line_number is None else f':{conflict.line_number}'}: {conflict.reason}"
        for conflict in conflicts
    ]


def _report(undone: _Undone, work: _Work, *, is_dry_run: bool) -> str:
    done, since = undone.done, work.meant.since
    return json.dumps(
        {
            **outcome_json(done),
            "diff": undone.diff,
            **proposal_json(done),
            "dry_run": is_dry_run,
            "to": since.isoformat() if since else None,
            "targets": targets_json(undone.targets, work.engine.applier.journal),
            "conflicts": [
                conflict_json(conflict.path, conflict.line_number, conflict.reason, work.root)
                for conflict in done.conflicts
            ],
        }
    )


COMMAND = CliCommand(
    name="undo",
    summary="take changes back, or make them again",
    add_arguments=add_arguments,
    run=run,
)
