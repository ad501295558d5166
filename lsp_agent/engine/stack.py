"""The proposals that wait for review: seen in the workspace, and kept on the shelf.

What is on the shelf outlives the process. Another process of the same workspace may settle a
proposal first; then it is gone here too. While a turn works on a proposal, that is a draft in
the workspace alone: the shelf has it as it was before, whatever becomes of the turn.
"""

import asyncio
import logging
from collections import defaultdict
from dataclasses import replace

from mcp_tools.types.errors import ExpectedError, JournalFailed, NotFound
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.workspace import Draft, Drop, Put, Workspace

logger = logging.getLogger(__name__)


class ProposalStack:
    """Keeps workspace and shelf the same. What takes time happens off the event loop."""

    def __init__(self, workspace: Workspace, shelf: Shelf) -> None:
        """Start with what the workspace has; `load` brings what the shelf has."""
        self._workspace = workspace
        self._shelf = shelf
        self._deciding: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._before: dict[str, Proposal] = {}
        """By id, what a revision began with."""
        self._unkept: set[str] = set()
        """Proposals that the shelf could not take: they wait for review until the process ends."""

    def load(self) -> None:
        """Take what other processes left, also of those that were here already.

        A shelf that cannot be read is logged and left.
        """
        try:
            kept = self._shelf.all()
        except JournalFailed as error:
            logger.warning("the proposals of earlier sessions cannot be read: %s", error)
            return
        for proposal in kept:
            here = self._here(proposal.id)
            if here is None or not (here.is_draft or here == proposal):
                self._workspace.apply(Put(proposal))
        known = {proposal.id for proposal in self._workspace.open_proposals()}
        for gone in known - {proposal.id for proposal in kept} - self._unkept:
            self._forget(gone)

    def deciding(self, proposal_id: str) -> asyncio.Lock:
        """Give the lock to hold from reading a proposal to putting what a decision left of it."""
        return self._deciding[proposal_id]

    async def open(self, proposal_id: str) -> Proposal:
        """Give a proposal that can still be decided on.

        Raises: NotFound if there is none, or another process has settled it; ExpectedError while
            a turn works on it.
        """
        proposal = self._workspace.proposal(proposal_id)
        if proposal.is_draft:
            raise ExpectedError(
                f"the proposal {proposal_id!r} is being worked on right now; "
                "wait until that has ended, or cancel it"
            )
        if proposal_id in self._unkept:
            return proposal
        try:
            kept = await asyncio.to_thread(self._kept, proposal_id)
        except JournalFailed as error:
            logger.warning("the shelf cannot be asked for %s: %s", proposal_id, error)
            return proposal
        if kept is None:
            self._forget(proposal_id)
            raise NotFound(f"the proposal {proposal_id!r} was settled by another program")
        if kept != proposal:
            self._workspace.apply(Put(kept))
        return kept

    async def refresh(self, proposal_id: str) -> bool:
        """Take over what other processes made of a proposal; False once it is settled.

        A draft is as it is here, and so is one that somebody changes at this moment.
        """
        here = self._here(proposal_id)
        if here is None or here.is_draft or proposal_id in self._unkept:
            return here is not None
        try:
            kept = await asyncio.to_thread(self._shelf.find, proposal_id)
        except JournalFailed as error:
            logger.warning("the shelf cannot be asked for %s: %s", proposal_id, error)
            return True
        if self._here(proposal_id) is not here:
            return True
        if kept is None:
            self._forget(proposal_id)
            return False
        if kept != here:
            self._workspace.apply(Put(kept))
        return True

    async def is_waiting(self, proposal_id: str) -> bool:
        """Tell whether nobody has settled a proposal yet, here or in another process."""
        if proposal_id in self._unkept:
            return True
        try:
            return await asyncio.to_thread(self._shelf.has, proposal_id)
        except JournalFailed as error:
            logger.warning("the shelf cannot be asked for %s: %s", proposal_id, error)
            return True

    async def shelve(self, proposal: Proposal) -> None:
        """Let a proposal wait for review as it is now, while it may go on growing.

        Raises: JournalFailed if it cannot be kept: as `publish`.
        """
        proposal = replace(proposal, is_draft=False)
        self._workspace.apply(Put(proposal))
        try:
            await asyncio.to_thread(self._shelf.save, proposal)
        except JournalFailed:
            self._unkept.add(proposal.id)
            raise
        self._unkept.discard(proposal.id)

    async def revise(self, proposal_id: str) -> Proposal:
        """Make a proposal a draft for a turn, and give it as it was.

        Raises: as `open`.
        """
        async with self.deciding(proposal_id):
            proposal = await self.open(proposal_id)
            self._before[proposal_id] = proposal
            self._workspace.apply(Draft(proposal=proposal))
            return proposal

    async def publish(self, proposal_id: str) -> Proposal:
        """Make a draft one that waits for review.

        Raises: NotFound; JournalFailed if it cannot be kept: it waits for review all the same,
            but does not outlive the process.
        """
        proposal = replace(self._workspace.proposal(proposal_id), is_draft=False)
        try:
            await asyncio.to_thread(self._shelf.save, proposal)
        except JournalFailed:
            self._unkept.add(proposal_id)
            raise
        finally:
            self._workspace.apply(Put(proposal))
        return proposal

    async def abandon(self, proposal_id: str) -> None:
        """Undo what a turn did: what it made is gone, what it revised is as before.

        A proposal that the turn has published already is taken back, too.
        """
        before = self._before.pop(proposal_id, None)
        here = self._here(proposal_id)
        if before is None:
            self._forget(proposal_id)
        else:
            self._workspace.apply(Put(before))
        if here is None or here.is_draft:
            return
        try:
            if before is None:
                await asyncio.to_thread(self._shelf.remove, proposal_id)
            else:
                await asyncio.to_thread(self._shelf.save, before)
        except JournalFailed as error:
            logger.warning("%s cannot be taken back from the shelf: %s", proposal_id, error)

    async def put(self, proposal: Proposal) -> None:
        """Replace a proposal by what is left of it; without files it is gone.

        Raises: JournalFailed; nothing has changed then.
        """
        is_kept = proposal.id not in self._unkept
        if is_kept and proposal.files:
            await asyncio.to_thread(self._shelf.save, proposal)
        elif is_kept:
            await asyncio.to_thread(self._shelf.remove, proposal.id)
        self._before.pop(proposal.id, None)
        if proposal.files:
            self._workspace.apply(Put(proposal))
        else:
            self._forget(proposal.id)

    def _kept(self, proposal_id: str) -> Proposal | None:
        """Give a proposal as it is on the shelf, where other processes work on it too.

        Raises: JournalFailed, also for one that is there and cannot be read.
        """
        return self._shelf.find(proposal_id)

    def _here(self, proposal_id: str) -> Proposal | None:
        try:
            return self._workspace.proposal(proposal_id)
        except NotFound:
            return None

    def _forget(self, proposal_id: str) -> None:
        self._workspace.apply(Drop(proposal_id))
        self._unkept.discard(proposal_id)
