"""The tools, as clients list and call them."""

import asyncio
import itertools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import mcp_types as types

from mcp_tools.server.asking import ElicitingPerson, PatientPerson, can_ask, is_modern
from mcp_tools.server.callers import caller_of
from mcp_tools.server.canaries import DECOYS, Canaries
from mcp_tools.server.convert import (
    ROOT,
    ended_early,
    failure_to_mcp,
    invalid_params,
    invalid_request_state,
    question_to_mcp,
    reply_from_mcp,
    result_to_mcp,
    tool_to_mcp,
)
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.ports import Caller, Workplaces
from mcp_tools.server.progress import ProgressFeed, Send
from mcp_tools.server.rooting import chosen_root, root_in, root_names
from mcp_tools.server.state import Context
from mcp_tools.server.suspending import SuspendableCall
from mcp_tools.types.attending import NOBODY, Attendant, Person, Progress
from mcp_tools.types.calls import Profile, Tool, ToolCall
from mcp_tools.types.errors import Denied, ExpectedError, NotFound
from mcp_tools.types.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """One call, with all that is decided before it runs."""

    caller: Caller
    tool: Tool
    arguments: JsonObject
    root: Path
    note: str
    """Said after the text of the answer."""


class Tools:
    """The handlers of `tools/list` and `tools/call`."""

    def __init__(self, workplaces: Workplaces, options: ServerOptions, canaries: Canaries) -> None:
        """Offer the tools of the chosen profile; the others are not there for any client."""
        self._canaries = canaries
        self._workplaces = workplaces
        self._names = root_names(workplaces.roots)
        self._offered = {tool.name: tool for tool in offered(workplaces.tools, options.profile)}
        # Unique among all servers, and quick: the system is asked for randomness once.
        server_id = secrets.token_hex(8)
        self._call_ids = (f"call-{server_id}-{n}" for n in itertools.count(1))
        self._decoys = {tool.name: tool for tool in DECOYS if options.has_canaries}
        own = [tool_to_mcp(tool, self.root_names) for tool in self._offered.values()]
        self._listed = sorted((*own, *self._decoys.values()), key=lambda tool: tool.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tools that are offered, sorted."""
        return tuple(self._offered)

    @property
    def root_names(self) -> tuple[str, ...]:
        """The names of the roots to choose from; empty if there is only one."""
        return tuple(self._names) if len(self._names) > 1 else ()

    async def list(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """Give all tools at once, sorted by name; so there is no cursor that could be valid."""
        del context
        if params is not None and params.cursor is not None:
            raise invalid_params("Invalid cursor")
        return types.ListToolsResult(tools=self._listed)

    async def call(
        self, context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        """Run one call to its end, or to a question that the client has to ask."""
        if params.name in self._decoys:
            raise await self._canaries.called(context, params.name)
        if is_modern(context) and params.request_state is not None:
            return await self._go_on(context, params, params.request_state)
        try:
            wish = await self._wish(context, params)
        except ExpectedError as error:
            return failure_to_mcp(error)
        if is_modern(context) and can_ask(context):
            return await self._run_suspendable(context, wish)
        return await self._run_to_end(context, wish)

    async def _wish(self, context: Context, params: types.CallToolRequestParams) -> _Wish:
        tool = self._offered.get(params.name)
        if tool is None:
            raise invalid_params(f"Unknown tool: {params.name[:100]}")
        arguments = dict(params.arguments or {})
        wanted = arguments.pop(ROOT, None) if len(self._names) > 1 else None
        if wanted is not None and not isinstance(wanted, str):
            raise NotFound(f"`{ROOT}` is one of: {', '.join(self._names)}")
        # An absolute path says as much as a name.
        root = None if wanted else root_in(arguments, self._workplaces.roots)
        root = root or await chosen_root(context, self._workplaces, wanted)
        names = ", ".join(self._names)
        if root is None and not tool.is_read_only:
            raise NotFound(f"several roots are served; say in `{ROOT}` which one: {names}")
        note = "" if root is not None else f"[in {next(iter(self._names))}; the roots are: {names}]"
        return _Wish(
            caller=caller_of(context),
            tool=tool,
            arguments=arguments,
            root=root or self._workplaces.roots[0],
            note=note,
        )

    async def _run(
        self, context: Context, wish: _Wish, person: Person, feed: ProgressFeed
    ) -> types.CallToolResult:
        slot = context.lifespan_context.slots.of(wish.caller.id)
        attendant = Attendant(
            report=feed.report, person=PatientPerson(person, slot), can_ask=can_ask(context)
        )
        call = ToolCall(id=next(self._call_ids), name=wish.tool.name, arguments=wish.arguments)
        try:
            async with slot:
                place = await self._workplaces.at(wish.caller, wish.root)
                result = await place.call(call, attendant)
        except ExpectedError as error:
            return failure_to_mcp(error)
        return result_to_mcp(result, wish.note)

    async def _run_to_end(self, context: Context, wish: _Wish) -> types.CallToolResult:
        person = ElicitingPerson(context) if can_ask(context) else NOBODY.person
        feed = ProgressFeed(_sender(context))
        try:
            result = await self._run(context, wish, person, feed)
            await feed.flush()
        finally:
            feed.close()
        return result

    async def _run_suspendable(
        self, context: Context, wish: _Wish
    ) -> types.CallToolResult | types.InputRequiredResult:
        feed = ProgressFeed(_sender(context))

        async def run(person: Person) -> types.CallToolResult:
            return await self._run(context, wish, person, feed)

        call = context.lifespan_context.suspended.start(run, feed)
        return await _until_question(context, call)

    async def _go_on(
        self, context: Context, params: types.CallToolRequestParams, handle: str
    ) -> types.CallToolResult | types.InputRequiredResult:
        """Let a suspended call go on with what its client brings."""
        call = context.lifespan_context.suspended.take(handle, caller_of(context).id)
        if call is None:
            raise invalid_request_state()
        call.feed.resume(_sender(context))
        asked = call.asked
        response = (params.input_responses or {}).get(asked.key) if asked is not None else None
        if asked is not None and response is not None:
            call.reply(reply_from_mcp(response, asked.question))
        return await _until_question(context, call)


def offered(tools: Iterable[Tool], profile: Profile) -> tuple[Tool, ...]:
    """Give the tools of a profile, sorted by name."""
    chosen = (tool for tool in tools if profile is Profile.FULL or profile in tool.profiles)
    return tuple(sorted(chosen, key=lambda tool: tool.name))


async def _until_question(
    context: Context, call: SuspendableCall[types.CallToolResult]
) -> types.CallToolResult | types.InputRequiredResult:
    """Wait for the end of a call, or for a question that its client has to bring the answer to."""
    try:
        while (asked := await call.next_question()) is not None:
            await call.feed.flush()
            try:
                handle = context.lifespan_context.suspended.hold(call, caller_of(context).id)
            except Denied:
                call.reply(None)
                continue
            requests: types.InputRequests = {asked.key: question_to_mcp(asked.question)}
            return types.InputRequiredResult(input_requests=requests, request_state=handle)
        await call.feed.flush()
    except asyncio.CancelledError:
        # Nobody waits for the answer any more, and nobody has a handle to the call.
        call.task.cancel()
        call.feed.close()
        raise
    if call.task.cancelled():
        raise ended_early()
    return call.task.result()


def _sender(context: Context) -> Send:
    async def send(progress: Progress) -> None:
        await context.session.report_progress(
            progress.done, progress.total, progress.message or None
        )

    return send
