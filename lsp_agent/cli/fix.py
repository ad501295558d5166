"""Fix the problems of a file, or of one line, and show or write the difference."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace

from lsp_agent.agent.events import Outcome
from lsp_agent.cli.arguments import Target, add_work_arguments, settings_of, target_of
from lsp_agent.cli.command import CliCommand, UsageError
from lsp_agent.cli.keeping import advice, perform_and_keep
from lsp_agent.cli.opening import opened
from lsp_agent.cli.outcomes import EXIT_CODES
from lsp_agent.cli.render import Done
from lsp_agent.cli.report import Subject, report
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Fix
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose, unchecked_reason
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import ProgramFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("target", metavar="FILE[:LINE]", help="a file, or one line of it (from 1)")
    add_work_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fix, show what came of it, and give the exit code.

    Raises: UsageError, CommandFailed.
    """
    target = target_of(arguments.target, arguments.root)
    settings = settings_of(arguments, target.root)
    terminal = Terminal()
    with opened(settings, target.root, terminal) as engine:
        done, subject = asyncio.run(_fix(engine, target, terminal, applies=arguments.apply))
    if arguments.json:
        print(report(done, subject))
    else:
        _show(done, target, terminal)
    return EXIT_CODES[done.outcome]


async def _fix(
    engine: Engine, target: Target, terminal: Terminal, *, applies: bool
) -> tuple[Done, Subject]:
    document = engine.workspace.snapshot().read(target.path)
    _check_can_be_fixed(document, target)
    terminal.progress(f"Checking {target.name}")
    subject = Subject(name=target.name, document=document, diagnostics=())
    try:
        problems = await _problems(engine, document, target)
    except ProgramFailed as error:
        return Done(outcome=Outcome.NOT_SOLVED, text=str(error)), subject
    if not problems:
        return _nothing_to_do(target), subject
    subject = replace(subject, diagnostics=problems)
    work = Fix(path=target.path, diagnostics=tuple(problems))
    return await perform_and_keep(engine, work, terminal, applies=applies), subject


def _check_can_be_fixed(document: Document, target: Target) -> None:
    reason = unchecked_reason(document)
    if reason is not None:
        raise UsageError(f"{target.name} cannot be checked: {reason}")
    n_lines = document.lines.n_lines
    if target.line_number is not None and target.line_number > n_lines:
        raise UsageError(
            f"expected a line up to {n_lines} of {target.name}, got {target.line_number}"
        )


async def _problems(engine: Engine, document: Document, target: Target) -> Sequence[Diagnostic]:
    """Give the problems to fix: a single line is worth the slower checks too."""
    root, programs = engine.workspace.root, engine.programs
    if target.line_number is None:
        return await diagnose(document, programs, root=root, depth=Depth.QUICK)
    lines = (target.line_number, target.line_number)
    return await diagnose(document, programs, root=root, depth=Depth.DEEP, lines=lines)


def _nothing_to_do(target: Target) -> Done:
    if target.line_number is None:
        return Done(outcome=Outcome.DONE, text=f"no problem is reported in {target.name}")
    text = f"no problem is reported on line {target.line_number} of {target.name}"
    return Done(outcome=Outcome.NOT_SOLVED, text=text)


def _show(done: Done, target: Target, terminal: Terminal) -> None:
    """Print the difference on stdout, and what there is to say about it on stderr."""
    terminal.diff(done.diff)
    terminal.note(done.text.strip(), style="" if done.outcome is Outcome.DONE else "yellow")
    if done.is_applied:
        terminal.note(f"Written to {target.name}.", style="green")
    elif done.diff:
        terminal.note(advice(done))


COMMAND = CliCommand(
    name="fix",
    summary="fix the problems of a file, or of one line",
    add_arguments=add_arguments,
    run=run,
)
