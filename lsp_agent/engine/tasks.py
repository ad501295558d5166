"""From a piece of work to what the agent loop needs: a title, a prompt, a goal."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, assert_never

from lsp_agent.agent.loop import Turn
from lsp_agent.context.task_prompt import (
    ReviewNote,
    explain_prompt,
    fix_prompt,
    hunks_prompt,
    review_prompt,
)
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.fix_goal import FixGoal
from lsp_agent.engine.proposing import addition_of, title_of
from lsp_agent.engine.protocol import Ask, Comment, Explain, ExplainHunks, Fix, Revise
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Review, Selection, part_diff, review_of
from mcp_tools.workspace.workspace import Workspace

Task: TypeAlias = Ask | Fix | Explain | ExplainHunks | Revise


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """Prepares the turns over one workspace."""

    engine: Engine

    async def prepare(self, work: Task, draft: Proposal) -> Turn | None:
        """Give the turn for a task; None for a file without a problem to fix.

        Raises: ExpectedError.
        """
        match work:
            case Ask(text=text):
                if not text.strip():
                    raise ExpectedError("expected a question or a task, got an empty text")
                return Turn(prompt=text, proposal_id=draft.id)
            case Explain():
                document, name = self._document(work)
                prompt = explain_prompt(document, name, work.diagnostics)
                return Turn(prompt=prompt, proposal_id=draft.id)
            case Fix():
                return await self._fix(work, draft)
            case ExplainHunks():
                prompt = await asyncio.to_thread(_hunks_prompt, self.engine.workspace, work)
                return Turn(prompt=prompt, proposal_id=draft.id)
            case Revise():
                prompt = await asyncio.to_thread(_review_prompt, self.engine.workspace, work)
                return Turn(prompt=prompt, proposal_id=draft.id)
            case _:
                assert_never(work)

    async def _fix(self, work: Fix, draft: Proposal) -> Turn | None:
        document, name = self._document(work)
        targets = work.diagnostics or await self._all_problems(document)
        if not targets:
            return None
        prompt = fix_prompt(document, name, targets)
        goal = self._goal(document, targets, draft.id)
        return Turn(prompt=prompt, proposal_id=draft.id, goal=goal)

    def _document(self, work: Fix | Explain) -> tuple[Document, str]:
        snapshot = self.engine.workspace.snapshot()
        path = snapshot.resolve(work.path)
        return snapshot.read(path), path.relative_to(snapshot.root).as_posix()

    async def _all_problems(self, document: Document) -> tuple[Diagnostic, ...]:
        root = self.engine.workspace.root
        return await diagnose(document, self.engine.programs, root=root, depth=Depth.QUICK)

    def _goal(self, document: Document, targets: Sequence[Diagnostic], proposal_id: str) -> FixGoal:
        return FixGoal(
            workspace=self.engine.workspace,
            programs=self.engine.programs,
            proposal_id=proposal_id,
            path=document.path,
            targets=tuple(targets),
        )


def title(work: Task, workspace: Workspace) -> str:
    """Give one line for a progress display.

    Raises: NotFound for a proposal that is not there.
    """
    match work:
        case Ask(text=text):
            return title_of(text)
        case Fix():
            n = len(work.diagnostics)
            return f"Fix {'the problem' if n == 1 else 'problems'} in {work.path.name}"
        case Explain():
            return f"Explain in {work.path.name}"
        case ExplainHunks():
            return f"Explain: {workspace.proposal(work.proposal_id).label}"
        case Revise():
            return f"Revise: {workspace.proposal(work.proposal_id).label}"
        case _:
            assert_never(work)


def _hunks_prompt(workspace: Workspace, work: ExplainHunks) -> str:
    proposal = workspace.proposal(work.proposal_id)
    if work.selection == Selection():
        return hunks_prompt(proposal.label, addition_of(workspace, proposal.id).diff)
    review = review_of(workspace, proposal.id)
    return hunks_prompt(proposal.label, part_diff(review, work.selection, workspace.root))


def _review_prompt(workspace: Workspace, work: Revise) -> str:
    if not any(comment.text.strip() for comment in work.comments):
        raise ExpectedError("expected a comment on the proposal, got none")
    review = review_of(workspace, work.proposal_id)
    notes = [_note(review, comment, workspace.root) for comment in work.comments]
    diff = addition_of(workspace, work.proposal_id).diff
    return review_prompt(review.proposal.label, diff, notes)


def _note(review: Review, comment: Comment, root: Path) -> ReviewNote:
    """Give a comment with what it is about. Raises: NotFound, StaleEdit."""
    selection = comment.selection
    if selection == Selection():
        return ReviewNote(subject="all of it", diff="", text=comment.text)
    paths = sorted({hunk.path for hunk in review.selected(selection)})
    names = ", ".join(path.relative_to(root).as_posix() for path in paths)
    diff = part_diff(review, selection, root)
    return ReviewNote(subject=names, diff=diff, text=comment.text)
