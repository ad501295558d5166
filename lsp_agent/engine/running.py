"""Running a command over the top layer of text; what it changes becomes a proposal."""

import asyncio
import shlex
from dataclasses import replace

from lsp_agent.agent.events import CommandFinished, Outcome, TurnFinished, TurnStarted
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.attempts import to_its_end
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.proposing import propose, title_of
from lsp_agent.engine.protocol import Run
from lsp_agent.models.port import Usage
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.proposals import Proposal, wish_between
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import Draft


async def run_command(engine: Engine, work: Run, emit: Emit, *, draft: Proposal) -> TurnFinished:
    """Run a command where it sees all open proposals, and hold what it made for review.

    Raises: ProgramFailed, CannotShow; nothing is held then.
    """
    line = _line(work.command)
    label = f"Run: {title_of(line)}"
    emit(TurnStarted(title=label, model=""))
    below = tuple(proposal.id for proposal in engine.workspace.open_proposals())
    draft = replace(draft, label=label, made_by=line, below=below)
    engine.workspace.apply(Draft(proposal=draft))
    is_proposed = False
    try:
        snapshot = engine.workspace.snapshot(draft.id)
        result = await engine.runner.run(work.command, snapshot)
        emit(CommandFinished(exit_code=result.exit_code, output=result.output, notes=result.notes))
        changed = await asyncio.to_thread(_with_changes, draft, result, snapshot)
        engine.workspace.apply(Draft(proposal=changed))
        is_proposed = await to_its_end(propose(engine, draft.id, emit))
    finally:
        if not is_proposed:
            await engine.proposals.abandon(draft.id)
    return _finished(line, result)


def _with_changes(draft: Proposal, result: CommandResult, seen: Snapshot) -> Proposal:
    """Give the draft with what the command made of the text that it has seen.

    What was typed while it ran is no reason to lose that: both meet when the text below merges.
    """
    after = states_after(result.changes, seen.state)
    return draft.with_files({path: wish_between(seen.state(path), after[path]) for path in after})


def _finished(line: str, result: CommandResult) -> TurnFinished:
    if result.exit_code == 0:
        return TurnFinished(outcome=Outcome.DONE, text=f"{line}: done", usage=Usage())
    text = f"{line}: ended with the exit code {result.exit_code}"
    return TurnFinished(outcome=Outcome.NOT_SOLVED, text=text, usage=Usage())


def _line(command: ShellCommand) -> str:
    """Give a command as a person would type it."""
    match command.argv:
        case (_, "-c", line):
            return line
        case argv:
            return shlex.join(argv)
