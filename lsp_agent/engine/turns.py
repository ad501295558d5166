"""Turns: from a task to a prompt and a goal, through the loop, to a proposal."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import assert_never

from lsp_agent.agent.events import Outcome, Proposed, TurnFinished, TurnStarted
from lsp_agent.agent.history import History
from lsp_agent.agent.loop import Agent, Turn, run_turn
from lsp_agent.context.system_prompt import SYSTEM_PROMPT
from lsp_agent.context.task_prompt import explain_prompt, fix_prompt
from lsp_agent.engine.approvals import Emit
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.fix_goal import FixGoal
from lsp_agent.engine.protocol import Ask, Explain, Fix
from lsp_agent.models.port import Model, ToolSpec, Usage
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose
from mcp_tools.code.schemas import closed_schema
from mcp_tools.host import ToolHost
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import ExpectedError, NotFound
from mcp_tools.workspace.changes import diff_of
from mcp_tools.workspace.workspace import Drop

MAX_TITLE_CHARS = 60
NO_PROBLEMS = "no problems were found, so there is nothing to do"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRunner:
    """Runs the turns of one session."""

    engine: Engine
    host: ToolHost
    history: History
    emit: Emit

    async def run(self, work: Ask | Fix | Explain, *, proposal_id: str) -> TurnFinished:
        """Run one turn; what it edited is proposed at its end, or dropped.

        Raises: ModelError, ExpectedError; nothing is held then.
        """
        # Off the event loop: a provider's SDK takes a second to import.
        model = await asyncio.to_thread(self.engine.make_model)
        self.emit(TurnStarted(title=_title(work), model=model.name))
        is_settled = False
        try:
            turn = await self._prepare(work, proposal_id)
            if turn is None:
                return TurnFinished(outcome=Outcome.DONE, text=NO_PROBLEMS, usage=Usage())
            async with aclosing(run_turn(self._agent(model), self.history, turn)) as events:
                async for event in events:
                    self.emit(event)
            finished = self._settle(turn)
            is_settled = True
            return finished
        finally:
            if not is_settled:
                # Cancelled or failed: half an edit is of no use to anyone.
                self.engine.workspace.apply(Drop(proposal_id))

    def _agent(self, model: Model) -> Agent:
        tools = tuple(
            ToolSpec(
                name=tool.name,
                description=tool.description,
                input_schema=closed_schema(tool.input_model, mode="validation"),
            )
            for tool in self.host.tools
        )
        return Agent(
            model=model,
            host=self.host,
            system=SYSTEM_PROMPT,
            tools=tools,
            max_steps=self.engine.max_steps,
        )

    async def _prepare(self, work: Ask | Fix | Explain, proposal_id: str) -> Turn | None:
        """Give the turn for a task; None for a file without a problem to fix."""
        match work:
            case Ask(text=text):
                if not text.strip():
                    raise ExpectedError("expected a question or a task, got an empty text")
                return Turn(prompt=text, proposal_id=proposal_id)
            case Explain():
                document, name = self._document(work)
                prompt = explain_prompt(document, name, work.diagnostics)
                return Turn(prompt=prompt, proposal_id=proposal_id)
            case Fix():
                document, name = self._document(work)
                targets = work.diagnostics or await self._all_problems(document)
                if not targets:
                    return None
                goal = self._goal(document, targets, proposal_id)
                prompt = fix_prompt(document, name, targets)
                return Turn(prompt=prompt, proposal_id=proposal_id, goal=goal)
            case _:
                assert_never(work)

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

    def _settle(self, turn: Turn) -> TurnFinished:
        """Propose the turn's edits if they are worth it, and give its outcome."""
        changes = self._proposed(turn.proposal_id)
        text, outcome = turn.text, turn.outcome
        if changes is None or not _is_worth_keeping(turn):
            self.engine.workspace.apply(Drop(turn.proposal_id))
        else:
            snapshot = self.engine.workspace.snapshot()
            diff = diff_of(changes, snapshot.read, snapshot.root)
            self.emit(Proposed(proposal_id=turn.proposal_id, changes=changes, diff=diff))
        if outcome is Outcome.NOT_SOLVED and turn.goal_state is not None:
            text = f"{text}\n({turn.goal_state.detail})".strip()
        # Without a goal the model's word is all there is, and it counts less than a refusal.
        was_kept_from_it = outcome is Outcome.NOT_SOLVED or (turn.goal is None and not changes)
        if turn.n_denied and was_kept_from_it:
            outcome = Outcome.DENIED
        return TurnFinished(outcome=outcome, text=text, usage=turn.usage)

    def _proposed(self, proposal_id: str) -> ChangeSet | None:
        """Give what a proposal would change; None when there is none, or it changes nothing.

        Raises: StaleEdit if the text below was changed in the same place meanwhile.
        """
        try:
            changes = self.engine.workspace.proposed_changes(proposal_id)
        except NotFound:
            return None
        return changes if changes.files else None


def _is_worth_keeping(turn: Turn) -> bool:
    """Tell whether to show the edits: an unmet goal needs real progress without harm.

    Where a goal could not be measured, nobody knows what the edits are worth.
    """
    if turn.goal is None:
        return True
    state = turn.goal_state
    return state is not None and (state.is_met or state.is_progress)


def _title(work: Ask | Fix | Explain) -> str:
    match work:
        case Ask(text=text):
            line = text.strip().split("\n")[0]
            return line if len(line) <= MAX_TITLE_CHARS else f"{line[: MAX_TITLE_CHARS - 1]}…"
        case Fix():
            n = len(work.diagnostics)
            return f"Fix {'the problem' if n == 1 else 'problems'} in {work.path.name}"
        case Explain():
            return f"Explain in {work.path.name}"
        case _:
            assert_never(work)
