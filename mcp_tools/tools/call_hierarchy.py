"""Finding who calls a function, and what it calls."""

import asyncio
from itertools import chain

from pydantic import Field

from mcp_tools.code.answers.calls import CallData, find_calls
from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.items import signed
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.subject import SymbolInput, subject_of
from mcp_tools.code.navigation.results import Direction
from mcp_tools.types.calls import Answer, Tool, ToolContext


class CallHierarchyInput(SymbolInput):
    """Of which function, which way and how far."""

    direction: Direction = Field(
        default=Direction.IN, description="`in` for callers, `out` for what it calls"
    )
    depth: int = Field(default=1, ge=1, le=5, description="How many calls to follow")


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
        "Calling a class means its `__init__`. Callers stand with the places of their calls; "
        "callees with where they are defined, `<-` and where they are called."
    ),
    input_model=CallHierarchyInput,
    output_model=CallHierarchyOutput,
    run=call_hierarchy,
)
