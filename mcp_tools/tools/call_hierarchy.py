"""Finding who calls a function, and what it calls."""

import asyncio
from itertools import chain
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from mcp_tools.code.answers.calls import CallData, find_calls
from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.items import signed
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.subject import SymbolInput, subject_of
from mcp_tools.code.navigation.results import Direction
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

_OTHER_WORDS = {"incoming": "in", "callers": "in", "outgoing": "out", "callees": "out"}


def _direction_of(value: object) -> object:
    return _OTHER_WORDS.get(value, value) if isinstance(value, str) else value


class CallHierarchyInput(SymbolInput):
    """Of which function, which way and how far."""

    direction: Annotated[
        Direction,
        BeforeValidator(_direction_of),
        Field(description="`in` for callers, `out` for what it calls"),
    ] = Direction.IN
    depth: Annotated[
        int,
        Field(
            ge=1,
            le=5,
            description="How many calls to follow",
            validation_alias=AliasChoices("depth", "max_depth", "maxDepth"),
        ),
    ] = 1


class CallHierarchyOutput(ListOutput):
    """The calls of a function."""

    symbol: ItemData = Field(description="The function that was asked for")
    calls: tuple[CallData, ...] = Field(description="Each before the calls that lead to it, or on")


async def call_hierarchy(context: ToolContext, arguments: CallHierarchyInput) -> Answer:
    """Give the callers or callees of a function, with the places of the calls.

    Raises: NotFound, with names that are near; InvalidEdit, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_call_hierarchy, context, arguments)


def _call_hierarchy(context: ToolContext, arguments: CallHierarchyInput) -> Answer:
    target = subject_of(context.codebase, arguments)
    codebase = context.codebase()
    result = find_calls(codebase, target, arguments.direction, arguments.depth)
    symbol = item_data(signed(codebase, result.root.item))
    return list_answer(
        result.listing,
        arguments,
        codebase.state(),
        lambda page, fields: CallHierarchyOutput.model_validate(
            fields | {"symbol": symbol, "calls": tuple(chain.from_iterable(page.data))}
        ),
    )


TOOL = Tool(
    name="call_hierarchy",
    title="Call hierarchy",
    description=(
        "Find who calls a Python function, or what it calls, several levels deep. "
        "Callers come with the places of their calls; callees with where they are defined, "
        "`<-` and where they are called."
    ),
    input_model=CallHierarchyInput,
    output_model=CallHierarchyOutput,
    run=call_hierarchy,
    profiles=(Profile.READ, Profile.SYMBOLS, Profile.EDIT),
    timeout_s=300.0,
)
