"""Hooks around the requests to a model."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from lsp_agent.engine.hooking.session_hooks import SessionHooks, denial_of, shortened_start
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.payloads import ModelAnswered, ModelAsked
from lsp_agent.models.port import (
    BlockDone,
    Model,
    ModelEvent,
    ModelRequest,
    Stopped,
    TextChunk,
    ToolUse,
)
from mcp_tools.types.errors import Denied


def over_model(model: Model, session: SessionHooks) -> Model:
    """Give a model that fires an event before and after each request, where a hook is for it."""
    is_watched = session.has(HookEvent.BEFORE_MODEL_CALL, HookEvent.AFTER_MODEL_CALL)
    return HookedModel(model, session) if is_watched else model


class HookedModel:
    """A model that hooks watch; implements Model."""

    def __init__(self, model: Model, session: SessionHooks) -> None:
        """Ask `model`."""
        self._model = model
        self._session = session

    @property
    def name(self) -> str:
        """The name of the model that is asked."""
        return self._model.name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask, and give the answer as it is written.

        Raises: Denied if a hook denies it; ModelError.
        """
        heard = await self._session.fire(
            HookEvent.BEFORE_MODEL_CALL,
            lambda: ModelAsked(
                model=self.name, n_messages=len(request.messages), n_tools=len(request.tools)
            ),
        )
        if denial := denial_of(heard):
            raise Denied(f"the model was not asked: {denial}")
        words: list[str] = []
        tools: list[str] = []
        stopped: Stopped | None = None
        async with aclosing(self._model.stream(request)) as events:
            async for event in events:
                match event:
                    case TextChunk(text=text):
                        words.append(text)
                    case BlockDone(block=ToolUse(name=name)):
                        tools.append(name)
                    case Stopped():
                        stopped = event
                    case _:
                        pass
                yield event
        if stopped is not None:
            ended = stopped
            await self._session.fire(
                HookEvent.AFTER_MODEL_CALL,
                lambda: _answered(self.name, "".join(words), tuple(tools), ended),
            )


def _answered(model: str, text: str, tools: tuple[str, ...], stopped: Stopped) -> ModelAnswered:
    return ModelAnswered(
        model=model,
        text=shortened_start(text),
        tools=tools,
        stop_reason=stopped.reason.value,
        input_tokens=stopped.usage.input_tokens,
        output_tokens=stopped.usage.output_tokens,
    )
