"""Turns: from a task to a prompt and a goal, through the loop, to a proposal."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

from lsp_agent.agent.events import Outcome, TurnFinished, TurnStarted, Warned
from lsp_agent.agent.history import History
from lsp_agent.agent.loop import Agent, Turn, run_turn
from lsp_agent.agent.offering import specs_of
from lsp_agent.context.system_prompt import SYSTEM_PROMPT
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.attempts import to_its_end
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.hiding import hiding_model
from lsp_agent.engine.hooking.models import over_model
from lsp_agent.engine.hooking.session_hooks import SessionHooks
from lsp_agent.engine.hooking.work import WorkHooks
from lsp_agent.engine.proposing import propose
from lsp_agent.engine.protocol import Ask, ExplainHunks, Revise
from lsp_agent.engine.tasks import Task, Tasks, title
from lsp_agent.models.port import Model, Usage
from mcp_tools.host import ToolHost
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.workspace import Draft

NO_PROBLEMS = "no problems were found, so there is nothing to do"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRunner:
    """Runs the turns of one session."""

    engine: Engine
    host: ToolHost
    history: History
    emit: Emit
    hooks: SessionHooks
    work_hooks: WorkHooks

    async def run(self, work: Task, draft: Proposal) -> TurnFinished:
        """Run one turn; what it edited is proposed at its end, or dropped.

        Its edits become part of `draft`, or of the proposal that is revised: that is as it was
        when the turn comes to no good end.
        Raises: ModelError, ExpectedError; nothing is held then.
        """
        work = await self.work_hooks.prompted(work)
        # Off the event loop: a provider's SDK takes a second to import.
        model = await asyncio.to_thread(self.engine.make_model)
        self.emit(TurnStarted(title=title(work, self.engine.workspace), model=model.name))
        draft = await self._begin(work, replace(draft, made_by=model.name))
        is_kept = False
        try:
            turn = await Tasks(engine=self.engine).prepare(work, draft)
            if turn is None:
                return TurnFinished(outcome=Outcome.DONE, text=NO_PROBLEMS, usage=Usage())
            turn.prompt = await self.work_hooks.built(turn.prompt)
            async with aclosing(run_turn(self._agent(model), self.history, turn)) as events:
                async for event in events:
                    self.emit(event)
            is_kept = await to_its_end(self._settle(work, turn, draft))
            return _finished(turn, is_kept=is_kept)
        finally:
            if not is_kept:
                # Cancelled or failed: half an edit is of no use to anyone.
                await self.engine.proposals.abandon(draft.id)

    def _agent(self, model: Model) -> Agent:
        return Agent(
            model=over_model(hiding_model(self.engine, model), self.hooks),
            host=self.host,
            system=SYSTEM_PROMPT,
            tools=specs_of(self.host.tools),
            max_steps=self.engine.max_steps,
        )

    async def _begin(self, work: Task, draft: Proposal) -> Proposal:
        """Put the draft where the tools see it, on top of what the work is about."""
        workspace = self.engine.workspace
        match work:
            case Revise(proposal_id=proposal_id):
                return await self.engine.proposals.revise(proposal_id)
            case ExplainHunks(proposal_id=proposal_id):
                shown = await self.engine.proposals.open(proposal_id)
                draft = replace(draft, below=(*shown.below, shown.id))
            case Ask():
                draft = replace(draft, below=tuple(p.id for p in workspace.open_proposals()))
            case _:
                pass  # It is about the text that the editor shows.
        workspace.apply(Draft(proposal=draft))
        return draft

    async def _settle(self, work: Task, turn: Turn, before: Proposal) -> bool:
        """Propose the turn's edits if they are worth it; False if they are to be dropped."""
        workspace = self.engine.workspace
        if isinstance(work, ExplainHunks) or not _is_worth_keeping(turn):
            return False
        if not isinstance(work, Revise):
            is_checked = turn.goal_state is not None and turn.goal_state.is_met
            return await propose(self.engine, turn.proposal_id, self.emit, is_checked=is_checked)
        revised = workspace.proposal(turn.proposal_id)
        if turn.outcome is not Outcome.DONE:
            return False
        if revised.files == before.files:
            self.emit(Warned("the proposal is as it was: the model changed nothing of it"))
        if not await propose(self.engine, turn.proposal_id, self.emit):
            self.emit(Warned("nothing is left of the proposal, so it is gone"))
            await self.engine.proposals.put(replace(revised, files={}))
        return True


def _is_worth_keeping(turn: Turn) -> bool:
    """Tell whether to show the edits: an unmet goal needs real progress without harm.

    Where a goal could not be measured, nobody knows what the edits are worth.
    """
    if turn.goal is None:
        return True
    state = turn.goal_state
    return state is not None and (state.is_met or state.is_progress)


def _finished(turn: Turn, *, is_kept: bool) -> TurnFinished:
    text, outcome = turn.text, turn.outcome
    if outcome is Outcome.NOT_SOLVED and turn.goal_state is not None:
        text = f"{text}\n({turn.goal_state.detail})".strip()
    # Without a goal the model's word is all there is, and it counts less than a refusal.
    was_kept_from_it = outcome is Outcome.NOT_SOLVED or (turn.goal is None and not is_kept)
    if turn.n_denied and was_kept_from_it:
        outcome = Outcome.DENIED
    return TurnFinished(outcome=outcome, text=text, usage=turn.usage)
