"""Edits that a command leaves for review: what is said of them, and no heap of old ones."""

from dataclasses import replace

from lsp_agent.cli.render import Done, perform
from lsp_agent.cli.terminal import Terminal
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Work
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import review_of
from mcp_tools.workspace.workspace import Drop

MANY = 20
"""Above so many proposals that wait, it is said how to be rid of them."""


async def perform_and_keep(
    engine: Engine, work: Work, terminal: Terminal, *, applies: bool
) -> Done:
    """Do the work as `perform`; without `applies`, what it proposed waits for review.

    It waits also when nobody looks, as in a pipe: a script has its id, and can accept it.
    """
    done = await perform(engine, work, terminal, applies=applies)
    if done.proposal_id is not None:
        await _forget_needless(engine, done.proposal_id)
        n_waiting = len(engine.workspace.open_proposals())
        if n_waiting > MANY:
            terminal.note(
                f"{n_waiting} proposals wait for review; `lsp-agent review` shows them, and "
                "`lsp-agent review all --reject` forgets them."
            )
    return done


def advice(done: Done) -> str:
    """Say that nothing was written, and how that can still be done."""
    if done.proposal_id is None:
        return "Nothing was written."
    return f"Nothing was written; `lsp-agent review {done.proposal_id} --accept` writes it."


def without_waiting(engine: Engine) -> None:
    """Let a command work on the files as they are, without edits that nobody has accepted.

    It is for work that is written at once, and would else hang on what still waits for review.
    """
    for proposal in engine.workspace.open_proposals():
        # It is gone from here alone: what waits stays on the shelf.
        engine.workspace.apply(Drop(proposal.id))


async def _forget_needless(engine: Engine, newest_id: str) -> None:
    """Forget older proposals of the same edits, and those that the files have by now.

    The latter are there after `lsp-agent fix FILE | git apply`.
    """
    newest = engine.workspace.proposal(newest_id)
    for other in engine.workspace.open_proposals():
        if other.id != newest_id and _is_needless(engine, other, newest):
            try:
                await engine.proposals.put(replace(other, files={}))
            except ExpectedError:
                return  # It waits on, and nothing is lost.


def _is_needless(engine: Engine, other: Proposal, newest: Proposal) -> bool:
    if other.files == newest.files and other.below == newest.below:
        return True
    review = review_of(engine.workspace, other.id)
    return not review.hunks and not any(file.stale_hunks for file in review.files)
