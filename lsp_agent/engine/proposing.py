"""Showing a finished draft to the person: kept on the shelf, and told as one diff."""

import asyncio
from dataclasses import dataclass

from lsp_agent.agent.events import Proposed, Warned
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.engine import Engine
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import JournalFailed, StaleEdit
from mcp_tools.workspace.changes import change_between, diff_between
from mcp_tools.workspace.workspace import Workspace

MAX_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What a proposal adds to what it was built on."""

    changes: ChangeSet
    diff: str
    stale: tuple[StaleEdit, ...]
    """Why some of its paths do not fit the text of now; they are in neither of the two."""


def addition_of(workspace: Workspace, proposal_id: str) -> Addition:
    """Give what a proposal adds to the text of now and to the proposals below it.

    Raises: NotFound.
    """
    proposal = workspace.proposal(proposal_id)
    below, top = workspace.beneath(proposal_id), workspace.snapshot(proposal_id)
    stale = top.stale()
    paths = [path for path in proposal.files if path not in stale]
    before = {path: below.state(path) for path in paths}
    after = {path: top.state(path) for path in paths}
    return Addition(
        changes=change_between(proposal.label, before, after),
        diff=diff_between(before, after, workspace.root),
        stale=tuple(stale.values()),
    )


async def propose(
    engine: Engine, proposal_id: str, emit: Emit, *, is_checked: bool = False
) -> bool:
    """Let a draft wait for review and tell of it; False if it changes nothing, and stays one.

    Where somebody changed the same place meanwhile, that is told, and the rest is proposed.
    Raises: NotFound; StaleEdit if there is no rest.
    """
    addition = await asyncio.to_thread(addition_of, engine.workspace, proposal_id)
    if not addition.changes.files:
        for stale in addition.stale:
            raise stale
        return False
    for stale in addition.stale:
        emit(Warned(f"a part of the edits does not fit any more: {stale}"))
    try:
        await engine.proposals.publish(proposal_id)
    except JournalFailed as error:
        emit(Warned(f"the proposal does not outlive this program: {error}"))
    emit(
        Proposed(
            proposal_id=proposal_id,
            changes=addition.changes,
            diff=addition.diff,
            is_checked=is_checked and not addition.stale,
        )
    )
    return True


def title_of(text: str) -> str:
    """Give the first line of a text, short enough for a progress display."""
    line = text.strip().split("\n")[0]
    return line if len(line) <= MAX_TITLE_CHARS else f"{line[: MAX_TITLE_CHARS - 1]}…"
