"""Completions: what an argument of a prompt, or a variable of a template, could be."""

import asyncio
from collections.abc import Mapping, Sequence

import mcp_types as types

from mcp_tools.server.callers import caller_of
from mcp_tools.server.convert import invalid_params
from mcp_tools.server.finding_files import FileFinder
from mcp_tools.server.finding_symbols import names_anywhere, names_in
from mcp_tools.server.ports import Workplaces
from mcp_tools.server.prompting.prompt import Prompt
from mcp_tools.server.prompting.table import PROMPTS
from mcp_tools.server.reaching import place_and_spot
from mcp_tools.server.rooting import place_of
from mcp_tools.server.schemes.scheme import Completes, Scheme
from mcp_tools.server.schemes.table import SCHEMES
from mcp_tools.server.slots import CallSlots
from mcp_tools.server.state import Context
from mcp_tools.types.errors import OutsideWorkspace

MAX_VALUES = 100
"""The most that the protocol allows."""

_LONGEST = 4096
_AT_ONCE = 4
"""Searches for one caller."""


class Completions:
    """The handler of `completion/complete`."""

    def __init__(
        self,
        workplaces: Workplaces,
        schemes: Sequence[Scheme] = SCHEMES,
        prompts: Sequence[Prompt] = PROMPTS,
    ) -> None:
        """Complete what these have."""
        self._workplaces = workplaces
        self._files = FileFinder(workplaces)
        self._slots = CallSlots(_AT_ONCE)
        self._templates = {
            template.uri_template: dict(template.completes)
            for scheme in schemes
            for template in scheme.templates
        }
        self._prompts = {
            prompt.name: {argument.name: argument.completes for argument in prompt.arguments}
            for prompt in prompts
        }

    async def complete(
        self, context: Context, params: types.CompleteRequestParams
    ) -> types.CompleteResult:
        """Give at most 100 values, best first.

        Raises: MCPError for a prompt, template or name that is not there.
        """
        kinds = self._kinds(params.ref)
        name, typed = params.argument.name, params.argument.value
        if name not in kinds:
            known = ", ".join(kinds) or "none"
            raise invalid_params(f"there is no {name[:100]!r} to complete; there is: {known}")
        others = params.context.arguments if params.context is not None else None
        found: Sequence[str] = ()
        if len(typed) <= _LONGEST:
            path = (others or {}).get("path", "")[:_LONGEST]
            async with self._slots.of(caller_of(context).id):
                found = await self._found(context, kinds[name], typed, path)
        has_more = len(found) > MAX_VALUES
        completion = types.Completion(
            values=list(found[:MAX_VALUES]),
            total=None if has_more else len(found),
            has_more=has_more,
        )
        return types.CompleteResult(completion=completion)

    def _kinds(
        self, ref: types.ResourceTemplateReference | types.PromptReference
    ) -> Mapping[str, Completes]:
        if isinstance(ref, types.PromptReference):
            if ref.name not in self._prompts:
                raise invalid_params(f"there is no prompt {ref.name[:100]!r}")
            return self._prompts[ref.name]
        if ref.uri not in self._templates:
            raise invalid_params(f"there is no resource template {ref.uri[:200]!r}")
        return self._templates[ref.uri]

    async def _found(
        self, context: Context, kind: Completes, typed: str, path: str
    ) -> Sequence[str]:
        match kind:
            case Completes.PATH:
                place = await place_of(context, self._workplaces)
                return await self._files.find(place, typed, MAX_VALUES + 1)
            case Completes.SYMBOL:
                return await self._symbols(context, typed, path)
            case Completes.CALL:
                place = await place_of(context, self._workplaces)
                ids = [record.id for record in place.records()]
                return [call_id for call_id in ids if call_id.startswith(typed)]
            case Completes.NOTHING:
                return ()

    async def _symbols(self, context: Context, typed: str, path: str) -> Sequence[str]:
        limit = MAX_VALUES + 1
        if not path:
            place = await place_of(context, self._workplaces)
            return await asyncio.to_thread(names_anywhere, place, typed, limit)
        try:
            place, spot = await place_and_spot(context, self._workplaces, path)
        except OutsideWorkspace:
            return ()
        return await asyncio.to_thread(names_in, place, spot, typed, limit)
