"""Accepting and rejecting a proposal, whole or in parts."""

import asyncio

from lsp_agent.agent.events import Applied, Outcome, TurnFinished, TurnStarted, Warned
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.attempts import until_it_fits
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Reject
from lsp_agent.models.port import Usage
from mcp_tools.types.errors import JournalFailed
from mcp_tools.types.journal import Actor, Entry, Origin
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Decision, accept_part, reject_part


async def accept(engine: Engine, work: Accept, emit: Emit) -> TurnFinished:
    """Make a part of a proposal real; the rest of it stays to be decided.

    Raises: NotFound, StaleEdit, Conflict, Denied, JournalFailed; nothing has changed then.
    """
    async with engine.proposals.deciding(work.proposal_id):
        proposal = await engine.proposals.open(work.proposal_id)
        emit(TurnStarted(title=f"Apply: {proposal.label}", model=""))
        decision, entry = await until_it_fits(lambda: _apply(engine, work, _origin(proposal)))
        if entry is None:
            emit(Warned("the text already is as proposed"))
        else:
            changes = decision.changes
            emit(Applied(proposal_id=proposal.id, changes=changes, entry_id=entry.id))
        try:
            await engine.proposals.put(decision.rest)
        except JournalFailed as error:
            # What was accepted is in the text by now, so the review no longer shows it.
            emit(Warned(f"the change was made, but the proposal cannot be kept: {error}"))
    return _finished(f"applied: {proposal.label}{_left(decision.rest)}")


async def reject(engine: Engine, work: Reject) -> TurnFinished:
    """Forget a part of a proposal.

    Raises: NotFound, JournalFailed; nothing has changed then.
    """
    async with engine.proposals.deciding(work.proposal_id):
        await engine.proposals.open(work.proposal_id)
        rest = await asyncio.to_thread(
            reject_part, engine.workspace, work.proposal_id, work.selection
        )
        await engine.proposals.put(rest)
    what = "a part of the proposal" if rest.files else "the proposal"
    return _finished(f"{what} was rejected; nothing was changed")


async def _apply(engine: Engine, work: Accept, origin: Origin) -> tuple[Decision, Entry | None]:
    """Apply what the selection means for the text of now; no entry when that has it already."""
    decision = await asyncio.to_thread(
        accept_part, engine.workspace, work.proposal_id, work.selection
    )
    if not decision.changes.files:
        return decision, None
    return decision, await engine.applier.apply(decision.changes, origin)


def _origin(proposal: Proposal) -> Origin:
    return Origin(
        actor=Actor.USER, name="accept", session_id=proposal.session_id, turn_id=proposal.id
    )


def _left(rest: Proposal) -> str:
    return " (in part; the rest waits for review)" if rest.files else ""


def _finished(text: str) -> TurnFinished:
    return TurnFinished(outcome=Outcome.DONE, text=text, usage=Usage())
