"""Credentials in what tools and prompts give: hidden from models and MCP clients alike."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from lsp_agent.engine.engine import Engine
from lsp_agent.models.port import Message, Model, ModelError, ModelEvent, ModelRequest, Text
from lsp_agent.secrets.redactor import Redactor
from mcp_tools.ports import CallFilter
from mcp_tools.types.calls import ToolCall, ToolResult
from mcp_tools.types.errors import Denied

_LONG_CHARS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFilter:
    """Shows placeholders in the place of credentials; implements CallFilter.

    The tools themselves know the true text, so that a file with a credential can be edited in its
    other lines.
    """

    redactor: Redactor

    async def before(self, call: ToolCall) -> ToolCall:
        """Give the call as it is.

        Raises: Denied if a placeholder is in it: it would be written in the place of the value.
        """
        placeholder = self.redactor.placeholder_in(call.arguments)
        if placeholder:
            raise Denied(
                f"{call.name} was not allowed: {placeholder} stands for a credential that is "
                "hidden from you, and is not its text; leave what has it out of the call, such as "
                "that line out of an edit, or ask the user to do it"
            )
        return call

    async def after(self, call: ToolCall, result: ToolResult) -> ToolResult:
        """Give the result without credentials; its edit stays as it is."""
        del call
        if len(result.text) > _LONG_CHARS:
            # Beside the event loop: nobody else waits for it.
            return await asyncio.to_thread(self._hidden, result)
        return self._hidden(result)

    def _hidden(self, result: ToolResult) -> ToolResult:
        redactor = self.redactor
        data = None if result.data is None else redactor.hide_in_object(result.data)
        return replace(
            result, text=redactor.hide(result.text), data=data, note=redactor.hide(result.note)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingModel:
    """Asks another model without showing it credentials; implements Model.

    What tools gave is hidden already. A provider may repeat a key when it fails, so what it says
    then is hidden too.
    """

    model: Model
    redactor: Redactor
    shows_secrets: bool

    @property
    def name(self) -> str:
        """The name of the model that is asked."""
        return self.model.name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask, and give the answer as it is written.

        Raises: ModelError.
        """
        if not self.shows_secrets:
            request = replace(request, messages=tuple(map(self._hidden, request.messages)))
        try:
            async with aclosing(self.model.stream(request)) as events:
                async for event in events:
                    yield event
        except ModelError as error:
            text = self.redactor.hide(str(error))
            raise ModelError(error.kind, text, retry_after_s=error.retry_after_s) from error

    def _hidden(self, message: Message) -> Message:
        if message.role != "user":
            return message
        blocks = tuple(
            Text(self.redactor.hide(block.text)) if isinstance(block, Text) else block
            for block in message.blocks
        )
        return replace(message, blocks=blocks)


def with_hiding(engine: Engine, *others: CallFilter) -> tuple[CallFilter, ...]:
    """Give the filters of calls, so that neither the others nor the caller see credentials."""
    if engine.shows_secrets:
        return others
    hiding = SecretFilter(redactor=engine.redactor)
    # Nearest to the tools, and again nearest to the caller: the others may add text of their own.
    return (hiding, *others, hiding) if others else (hiding,)


def hiding_model(engine: Engine, model: Model) -> Model:
    """Give a model that sees no credentials, where the user does not want it to."""
    return HidingModel(model=model, redactor=engine.redactor, shows_secrets=engine.shows_secrets)
