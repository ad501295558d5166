"""Finding the classes above and below a class."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.hierarchies import Side, TypeData, find_types
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.subject import SymbolInput, subject_of
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


class TypeHierarchyInput(SymbolInput):
    """Of which class, which way and how far."""

    side: Side = Field(
        default=Side.BOTH, description="Bases (`above`), subclasses (`below`) or both"
    )
    depth: Annotated[
        int,
        Field(
            ge=1,
            le=10,
            description="How many levels",
            validation_alias=AliasChoices("depth", "max_depth", "maxDepth"),
        ),
    ] = 2


class TypeHierarchyOutput(ListOutput):
    """The classes around a class."""

    symbol: ItemData = Field(description="The class that was asked for")
    types: tuple[TypeData, ...] = Field(description="Each before what is beyond it")


async def type_hierarchy(context: ToolContext, arguments: TypeHierarchyInput) -> Answer:
    """Give the bases and subclasses of a class.

    Raises: NotFound, with names that are near; InvalidEdit, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_type_hierarchy, context, arguments)


def _type_hierarchy(context: ToolContext, arguments: TypeHierarchyInput) -> Answer:
    target = subject_of(context.codebase, arguments)
    codebase = context.codebase()
    result = find_types(codebase, target, arguments.side, arguments.depth)
    symbol = item_data(result.item)
    return list_answer(
        result.listing,
        arguments,
        codebase.state(),
        lambda page, fields: TypeHierarchyOutput.model_validate(
            fields | {"symbol": symbol, "types": page.data}
        ),
    )


TOOL = Tool(
    name="type_hierarchy",
    title="Type hierarchy",
    description=(
        "Find the base classes and the subclasses of a Python class, several levels deep. "
        "Deeper levels are indented."
    ),
    input_model=TypeHierarchyInput,
    output_model=TypeHierarchyOutput,
    run=type_hierarchy,
    profiles=(Profile.READ, Profile.SYMBOLS),
)
