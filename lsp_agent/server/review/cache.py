"""Reviews, computed once for each state of a workspace: editors ask at every cursor move."""

import asyncio
from dataclasses import dataclass

from mcp_tools.workspace.review import Review, review_of
from mcp_tools.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Known:
    revision: int
    review: asyncio.Task[Review]


class ReviewCache:
    """The reviews of all open proposals, each over the text of now."""

    def __init__(self) -> None:
        """Start with none."""
        self._known: dict[tuple[Workspace, str], _Known] = {}

    async def review(self, workspace: Workspace, proposal_id: str) -> Review:
        """Give a proposal hunk by hunk.

        Raises: NotFound.
        """
        key = (workspace, proposal_id)
        known = self._known.get(key)
        if known is None or known.revision != workspace.revision:
            # Files are read and compared for it, which must not hold up the event loop.
            work = asyncio.to_thread(review_of, workspace, proposal_id)
            known = _Known(workspace.revision, asyncio.ensure_future(work))
            self._known[key] = known
        try:
            # Others wait for the same answer, so one who gives up does not end the work.
            return await asyncio.shield(known.review)
        finally:
            if known.review.done() and (known.review.cancelled() or known.review.exception()):
                self._known.pop(key, None)

    async def open_reviews(self, workspace: Workspace) -> list[Review]:
        """Give the reviews of a workspace with something left to decide, the oldest first."""
        ids = [proposal.id for proposal in workspace.open_proposals()]
        reviews = [await self.review(workspace, proposal_id) for proposal_id in ids]
        self._forget_others(workspace, ids)
        return [r for r in reviews if any(f.hunks or f.stale_hunks for f in r.files)]

    def _forget_others(self, workspace: Workspace, ids: list[str]) -> None:
        for key in tuple(self._known):
            if key[0] is workspace and key[1] not in ids:
                del self._known[key]
