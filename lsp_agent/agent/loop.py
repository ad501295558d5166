"""The agent loop, on one page: ask the model, run the tools it wants, until it is done.

    prompt → [ model → calls → results ]* → words → goal met? → over
                  ↑______________________________no______|

It is an async generator of events. Cancel it anywhere: the history is valid afterwards.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

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
    ToolUse,
    Usage,
)
from mcp_tools.host import ToolHost
from mcp_tools.types.errors import ExpectedError

CUT_OFF = "Your reply was cut off at the limit of its length. Go on from there, in smaller steps."
CUT_OFF_CALL = "This call was not run: your reply was cut off in it. Send it again, smaller."
NO_WORDS = "(no words)"


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


async def run_turn(agent: Agent, history: History, turn: Turn) -> AsyncGenerator[Event, None]:
    """Work on one prompt to its end and tell what happens; `turn` then has the outcome.

    Raises: ModelError if the model gives no whole answer. The history stays valid.
    """
    history.add_user(Text(turn.prompt))
    n_goal_rounds = 0
    try:
        for _ in range(agent.max_steps):
            async with aclosing(_step(agent, history, turn)) as events:
                async for event in events:
                    yield event
            if history.messages[-1].role == "user":
                continue  # with what the tools gave, or with the wish to go on after a cut
            if turn.goal is None or turn.stop_reason is StopReason.REFUSAL:
                _end_without_goal(turn)
                return
            state = await _check_goal(turn, turn.goal)
            yield GoalChecked(is_met=state.is_met, detail=state.detail)
            gave_up = turn.stop_reason is StopReason.GAVE_UP
            if state.is_met or gave_up or n_goal_rounds == agent.max_goal_rounds:
                return
            n_goal_rounds += 1
            history.add_user(Text(unmet_goal_prompt(state.detail)))
        turn.text = f"stopped after {agent.max_steps} steps without an end in sight"
        if turn.goal is not None:
            state = await _check_goal(turn, turn.goal)
            yield GoalChecked(is_met=state.is_met, detail=state.detail)
    finally:
        history.seal()


async def _step(agent: Agent, history: History, turn: Turn) -> AsyncGenerator[Event, None]:
    """Ask once and run the calls of the reply; what goes back to the model is in the history."""
    async with aclosing(_ask(agent, history, turn)) as events:
        async for event in events:
            yield event
    if turn.stop_reason is StopReason.REFUSAL:
        return
    if not (calls := _calls(history.messages[-1], turn.stop_reason)):
        if turn.stop_reason is StopReason.MAX_TOKENS:
            history.add_user(Text(CUT_OFF))
        return
    executor = Executor(agent.host, turn.proposal_id)
    try:
        async with aclosing(executor.run(calls)) as events:
            async for event in events:
                yield event
    finally:
        turn.n_denied += executor.n_denied
        history.seal(executor.results)


async def _ask(agent: Agent, history: History, turn: Turn) -> AsyncGenerator[Event, None]:
    """Make one request, and put the reply into the history as it is written."""
    request = ModelRequest(system=agent.system, messages=history.messages, tools=agent.tools)
    goes_on = turn.stop_reason is StopReason.MAX_TOKENS
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
    words = _keep(history).text
    turn.text = turn.text + words if goes_on else words or turn.text


def _keep(history: History) -> Message:
    """Finish the reply; a model that says nothing at all has still had its turn."""
    reply = history.finish_reply()
    if not reply.blocks:
        history.finish_block(Text(NO_WORDS))
        history.finish_reply()
    return reply


def _calls(reply: Message, stop_reason: StopReason) -> tuple[ToolUse, ...]:
    """Give the calls of a reply; the one in which it was cut off is known to be only a part."""
    calls = reply.tool_uses
    if stop_reason is StopReason.MAX_TOKENS and calls and reply.blocks[-1] is calls[-1]:
        return (*calls[:-1], replace(calls[-1], problem=CUT_OFF_CALL))
    return calls


def _end_without_goal(turn: Turn) -> None:
    """Note the outcome where there is nothing to measure."""
    if turn.stop_reason is StopReason.REFUSAL:
        words = f": {turn.text}" if turn.text else ""
        turn.text = f"the model declined to go on{words}"
    elif turn.stop_reason is not StopReason.GAVE_UP:
        turn.outcome = Outcome.DONE
        turn.text = turn.text or "the model ended without a word"


async def _check_goal(turn: Turn, goal: Goal) -> GoalState:
    """Measure the goal and note the outcome."""
    try:
        state = await goal.check()
    except ExpectedError as error:
        state = GoalState(is_met=False, is_progress=False, detail=str(error))
    turn.goal_state = state
    turn.outcome = Outcome.DONE if state.is_met else Outcome.NOT_SOLVED
    return state
