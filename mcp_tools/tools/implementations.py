"""Finding what implements a class or a method."""

import asyncio

from mcp_tools.code.answers.definitions import find_implementations
from mcp_tools.code.answers.outputs import ItemsOutput, items_answer
from mcp_tools.code.answers.subject import SymbolInput, subject_of
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


async def implementations(context: ToolContext, arguments: SymbolInput) -> Answer:
    """Give the subclasses of a class, or the overrides of a method.

    Raises: NotFound, with names that are near; InvalidEdit, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_implementations, context, arguments)


def _implementations(context: ToolContext, arguments: SymbolInput) -> Answer:
    target = subject_of(context.codebase, arguments)
    codebase = context.codebase()
    listing = find_implementations(codebase, target)
    return items_answer(listing, arguments, codebase.state())


TOOL = Tool(
    name="implementations",
    title="Find implementations",
    description=(
        "Find the subclasses of a Python class at all levels, or the overrides of a method. "
        "Use it to see which code can run behind a base class or a Protocol."
    ),
    input_model=SymbolInput,
    output_model=ItemsOutput,
    run=implementations,
    profiles=(Profile.READ, Profile.SYMBOLS),
)
