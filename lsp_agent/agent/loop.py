"""The agent loop, on one page: ask the model, run the tools it wants, until it is done.

    prompt → [ model → calls → results ]* → words → goal met? → over
                  ↑______________________________no______|

It is an async generator of events. Cancel it anywhere: the history is valid afterwards.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from lsp_agent.agent.events import Event, GoalChecked, Outcome, TextWritten
from lsp_agent.agent.executor import Executor
from lsp_agent.agent.history import History
from lsp_agent.agent.ports import Goal, GoalState
from lsp_agent.context.task_prompt import unmet_goal_prompt
from lsp_agent.models.port import (
    BlockDone,
    Message,
    Model,
    ModelRequest,
    Stopped,
    StopReason,
    Text,
    TextChunk,
    ToolSpec,
    Usage,
)
from mcp_tools.host import ToolHost
from mcp_tools.types.errors import ExpectedError

CUT_OFF = "Your reply was cut off at the limit of its length. Go on from there, in smaller steps."


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """What the loop works with."""

    model: Model
    host: ToolHost
    system: str
    tools: tuple[ToolSpec, ...]
    max_steps: int
    """Requests to the model in one turn; then the turn ends unsolved."""
    max_goal_rounds: int = 2
    """How often an unmet goal is handed back to the model."""


@dataclass(slots=True, kw_only=True)
class Turn:
    """One prompt, and what has become of it so far: the loop fills in the rest."""

    prompt: str
    proposal_id: str
    goal: Goal | None = None
    outcome: Outcome = Outcome.NOT_SOLVED
    text: str = ""
    """The model's last words, or why it ended."""
    goal_state: GoalState | None = None
    """The last measurement of the goal; None before the first, or without a goal."""
    stop_reason: StopReason = StopReason.END_TURN
    usage: Usage = field(default_factory=Usage)
    n_denied: int = 0


async def run_turn(agent: Agent, history: History, turn: Turn) -> AsyncIterator[Event]:
    """Work on one prompt to its end and tell what happens; `turn` then has the outcome.

    Raises: ModelError if the model gives no whole answer. The history stays valid.
    """
    history.add_user(Text(turn.prompt))
    executor = Executor(agent.host, turn.proposal_id)
    n_goal_rounds = 0
    try:
        for _ in range(agent.max_steps):
            async for event in _ask(agent, history, turn):
                yield event
            if calls := history.messages[-1].tool_uses:
                executor = Executor(agent.host, turn.proposal_id)
                async for event in executor.run(calls):
                    yield event
                turn.n_denied += executor.n_denied
                history.add_user(*executor.results)
            elif turn.stop_reason is StopReason.MAX_TOKENS:
                history.add_user(Text(CUT_OFF))
            elif (state := await _check_goal(turn)) is None:
                return
            else:
                yield GoalChecked(is_met=state.is_met, detail=state.detail)
                if state.is_met or n_goal_rounds == agent.max_goal_rounds:
                    return
                n_goal_rounds += 1
                history.add_user(Text(unmet_goal_prompt(state.detail)))
        turn.text = f"stopped after {agent.max_steps} steps without an end in sight"
    finally:
        history.seal(executor.results)


async def _ask(agent: Agent, history: History, turn: Turn) -> AsyncIterator[Event]:
    """Make one request, and put the reply into the history as it is written."""
    request = ModelRequest(system=agent.system, messages=history.messages, tools=agent.tools)
    async with aclosing(agent.model.stream(request)) as stream:
        async for event in stream:
            match event:
                case TextChunk(text=text):
                    history.write(text)
                    yield TextWritten(text)
                case BlockDone(block=block):
                    history.finish_block(block)
                case Stopped():
                    turn.usage += event.usage
                    turn.stop_reason = event.reason
    turn.text = _keep(history).text or turn.text


def _keep(history: History) -> Message:
    """Finish the reply; a model that says nothing at all has still had its turn."""
    reply = history.finish_reply()
    if not reply.blocks:
        history.finish_block(Text("(no words)"))
        history.finish_reply()
    return reply


async def _check_goal(turn: Turn) -> GoalState | None:
    """Measure the goal and note the outcome; None when there is no goal to measure."""
    if turn.stop_reason is StopReason.REFUSAL:
        turn.text = turn.text or "the model declined to answer"
        return None
    if turn.goal is None:
        turn.outcome = Outcome.DONE
        return None
    try:
        turn.goal_state = await turn.goal.check()
    except ExpectedError as error:
        turn.goal_state = GoalState(is_met=False, is_progress=False, detail=str(error))
    turn.outcome = Outcome.DONE if turn.goal_state.is_met else Outcome.NOT_SOLVED
    return turn.goal_state
