"""The prompts, as clients list and get them."""

from collections.abc import Mapping, Sequence

import mcp_types as types
from mcp.shared.exceptions import MCPError

from mcp_tools.server.callers import caller_of
from mcp_tools.server.convert import invalid_params
from mcp_tools.server.convert_content import embedded_to_mcp
from mcp_tools.server.paging import check_single
from mcp_tools.server.ports import Workplace, Workplaces
from mcp_tools.server.prompting.prompt import Argument, Occasion, Prompt, Said
from mcp_tools.server.prompting.table import PROMPTS
from mcp_tools.server.reaching import place_and_spot
from mcp_tools.server.resources import hidden
from mcp_tools.server.rooting import place_of
from mcp_tools.server.slots import CallSlots
from mcp_tools.server.state import Context
from mcp_tools.types.errors import ExpectedError

_HOUR_MS = 3_600_000
_LONGEST = 20_000
"""Of what a person says in one argument."""
_MOST_NAMED = 10
_AT_ONCE = 8
"""Prompts that are made for one caller."""


class Prompts:
    """The handlers of `prompts/list` and `prompts/get`."""

    def __init__(self, workplaces: Workplaces, prompts: Sequence[Prompt] = PROMPTS) -> None:
        """Offer these prompts."""
        self._workplaces = workplaces
        self._prompts = {prompt.name: prompt for prompt in prompts}
        self._slots = CallSlots(_AT_ONCE)

    async def list(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListPromptsResult:
        """Give all prompts at once, sorted by name."""
        del context
        check_single(params.cursor if params else None)
        prompts = [_prompt_to_mcp(self._prompts[name]) for name in sorted(self._prompts)]
        return types.ListPromptsResult(prompts=prompts, ttl_ms=_HOUR_MS, cache_scope="public")

    async def get(
        self, context: Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        """Give the words of a prompt, and after them the code that they are about.

        Raises: MCPError for a prompt that is not there, or arguments that are wrong; it names them.
        """
        prompt = self._prompts.get(params.name)
        if prompt is None:
            known = ", ".join(sorted(self._prompts))
            raise invalid_params(f"there is no prompt {params.name[:100]!r}; there is: {known}")
        values = _checked(prompt, params.arguments or {})
        try:
            async with self._slots.of(caller_of(context).id):
                occasion = await self._occasion(context, values)
                said = await prompt.make(occasion)
        except ExpectedError as error:
            raise invalid_params(f"prompt {prompt.name!r}: {error}") from error
        return types.GetPromptResult(
            description=prompt.description, messages=_messages(occasion.place, said)
        )

    async def _occasion(self, context: Context, values: Mapping[str, str]) -> Occasion:
        path = values.get("path")
        if path is None:
            place = await place_of(context, self._workplaces)
            return Occasion(place=place, values=values)
        place, spot = await place_and_spot(context, self._workplaces, path.removeprefix("file://"))
        return Occasion(place=place, values=values, spot=spot)


def _checked(prompt: Prompt, arguments: Mapping[str, str]) -> Mapping[str, str]:
    """Give what was said. An empty text counts as nothing: many clients send all arguments.

    Raises: MCPError that names the arguments that are missing, unknown or too long.
    """
    known = {argument.name: argument for argument in prompt.arguments}
    values = {name: value for name, value in arguments.items() if value.strip()}
    missing = [a.name for a in prompt.arguments if a.is_required and a.name not in values]
    if missing:
        raise _wrong(prompt, "missing", missing)
    if unknown := [name[:100] for name in arguments if name not in known]:
        raise _wrong(prompt, "unknown", unknown)
    if long := [name for name, value in values.items() if len(value) > _LONGEST]:
        raise _wrong(prompt, "too long", long)
    return values


def _wrong(prompt: Prompt, what: str, names: Sequence[str]) -> MCPError:
    listed = ", ".join(repr(name) for name in names[:_MOST_NAMED])
    known = ", ".join(argument.name for argument in prompt.arguments)
    return invalid_params(
        f"prompt {prompt.name!r}: {what} arguments: {listed}; its arguments are: {known}"
    )


def _prompt_to_mcp(prompt: Prompt) -> types.Prompt:
    return types.Prompt(
        name=prompt.name,
        title=prompt.title,
        description=prompt.description,
        arguments=[_argument_to_mcp(argument) for argument in prompt.arguments],
    )


def _argument_to_mcp(argument: Argument) -> types.PromptArgument:
    return types.PromptArgument(
        name=argument.name,
        title=argument.title,
        description=argument.description,
        required=argument.is_required,
    )


def _messages(place: Workplace, said: Said) -> list[types.PromptMessage]:
    blocks: list[types.ContentBlock] = [types.TextContent(text=said.text)]
    blocks += [embedded_to_mcp(content) for content in hidden(place, said.attached)]
    return [types.PromptMessage(role="user", content=block) for block in blocks]
