"""Those who judge for hooks: the configured model, alone or as an agent that only reads."""

import asyncio
from contextlib import aclosing

from lsp_agent.agent.events import Outcome
from lsp_agent.agent.history import History
from lsp_agent.agent.loop import Agent, Turn, run_turn
from lsp_agent.agent.offering import specs_of
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.hiding import hiding_model, with_hiding
from lsp_agent.hooks.answers import HookFailed
from lsp_agent.models.port import (
    Message,
    Model,
    ModelError,
    ModelRequest,
    Text,
    TextChunk,
)
from lsp_agent.permissions.levels import Trust
from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.types.calls import CallEffect, Effect, Ruling, Tool, Verdict

_MAX_OUTPUT_TOKENS = 1_000


class EngineJudges:
    """Asks the model of an engine; implements Judges.

    No hook is fired by what happens here.
    """

    def __init__(self, engine: Engine) -> None:
        """Ask nothing yet."""
        self._engine = engine

    async def ask_model(self, instructions: str, question: str) -> str:
        """Give the words of the model. Raises: HookFailed."""
        request = ModelRequest(
            system=instructions,
            messages=(Message("user", (Text(question),)),),
            max_output_tokens=_MAX_OUTPUT_TOKENS,
        )
        try:
            model = await self._model()
            async with aclosing(model.stream(request)) as events:
                words = [event.text async for event in events if isinstance(event, TextChunk)]
        except ModelError as error:
            raise HookFailed(f"the model gave no judgement: {error}") from error
        return "".join(words)

    async def ask_agent(self, instructions: str, question: str, *, max_steps: int) -> str:
        """Give the last words of an agent that only reads. Raises: HookFailed."""
        tools = tuple(tool for tool in self._engine.tools if _only_reads(tool))
        turn = Turn(prompt=question, proposal_id="")
        try:
            agent = Agent(
                model=await self._model(),
                host=self._host(tools),
                system=instructions,
                tools=specs_of(tools),
                max_steps=max_steps,
            )
            async with aclosing(run_turn(agent, History(), turn)) as events:
                async for _ in events:
                    pass
        except ModelError as error:
            raise HookFailed(f"the model gave no judgement: {error}") from error
        if turn.outcome is not Outcome.DONE:
            raise HookFailed(f"the agent came to no judgement: {turn.text}")
        return turn.text

    async def _model(self) -> Model:
        # Off the event loop: a provider's SDK takes a second to import.
        return hiding_model(self._engine, await asyncio.to_thread(self._engine.make_model))

    def _host(self, tools: tuple[Tool, ...]) -> ToolHost:
        engine = self._engine
        ports = HostPorts(
            programs=engine.programs,
            gate=ReadingGate(),
            applier=engine.applier,
            filters=with_hiding(engine),
            make_codebase=engine.index.view,
            is_trusted=lambda: engine.standing.now().trust is Trust.TRUSTED,
        )
        return ToolHost(engine.workspace, tools, ports, session_id="")


class ReadingGate:
    """Lets tools read, and nothing else; implements Gate."""

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect."""
        if isinstance(effect, CallEffect) and _only_reads(effect.tool):
            return Ruling(verdict=Verdict.ALLOW, reason="it only reads")
        return Ruling(verdict=Verdict.DENY, reason="who judges for a hook only reads")


def _only_reads(tool: Tool) -> bool:
    return tool.is_read_only and tool.is_pure and not tool.is_open_world
