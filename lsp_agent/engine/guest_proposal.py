"""The one proposal that the held edits of a guest become part of.

It waits on the shelf from its first edit on, so that it outlives the guest and this process.
Once a person has decided on it, in whatever process, the next edit begins another one.
"""

import asyncio
import uuid
from dataclasses import replace

from lsp_agent.engine.engine import Engine
from mcp_tools.types.edits import ChangeSet
from mcp_tools.workspace.workspace import Drop, Hold


class GuestProposal:
    """The proposal of one guest, which comes and goes."""

    def __init__(self, engine: Engine, *, session_id: str, made_by: str) -> None:
        """Begin with none."""
        self._engine = engine
        self._session_id = session_id
        self._made_by = made_by
        self._id = _new_id()
        self._is_kept = False
        self._keeping = asyncio.Lock()

    @property
    def id(self) -> str:
        """The proposal of now; there is none of that id before the first edit."""
        return self._id

    async def refresh(self) -> str:
        """Take over what was decided meanwhile, and give the id for the next edit."""
        if self._is_kept and not self._keeping.locked():
            proposal_id = self._id
            if not await self._engine.proposals.refresh(proposal_id):
                self._begin_anew(proposal_id)
        return self._id

    async def keep(self, proposal_id: str, changes: ChangeSet) -> str:
        """Put the proposal with a new edit on the shelf; give its id, empty if nothing is left.

        Raises: JournalFailed if it does not outlive this process; StaleEdit if somebody decided
            on it while the edit was computed, and that no longer fits.
        """
        async with self._keeping:
            if not await self._is_open(proposal_id):
                self._begin_anew(proposal_id)
                self._engine.workspace.apply(Drop(proposal_id))
                self._engine.workspace.apply(Hold(proposal_id=self._id, changes=changes))
                proposal_id = self._id
            return await self._publish(proposal_id)

    async def _is_open(self, proposal_id: str) -> bool:
        """Tell whether a proposal, which has an edit that is not on the shelf, still waits."""
        if proposal_id != self._id:
            return False
        return not self._is_kept or await self._engine.proposals.is_waiting(proposal_id)

    async def _publish(self, proposal_id: str) -> str:
        workspace, proposals = self._engine.workspace, self._engine.proposals
        proposal = workspace.proposal(proposal_id)
        if not proposal.files:  # The edits have undone each other.
            await proposals.put(proposal)
            self._begin_anew(proposal_id)
            return ""
        self._is_kept = True
        await proposals.shelve(
            replace(proposal, session_id=self._session_id, made_by=self._made_by)
        )
        return proposal_id

    def _begin_anew(self, settled_id: str) -> None:
        if settled_id == self._id:
            self._id, self._is_kept = _new_id(), False


def _new_id() -> str:
    return uuid.uuid4().hex[:12]
