"""Finding where a symbol is defined."""

import asyncio

from mcp_tools.code.answers.definitions import find_definitions
from mcp_tools.code.answers.outputs import ItemsOutput, items_answer
from mcp_tools.code.answers.subject import SymbolInput
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


async def definition(context: ToolContext, arguments: SymbolInput) -> Answer:
    """Give the definitions of a symbol, with signatures.

    Raises: NotFound, with names that are near; InvalidEdit, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_definition, context, arguments)


def _definition(context: ToolContext, arguments: SymbolInput) -> Answer:
    listing = find_definitions(context.codebase, arguments)
    return items_answer(listing, arguments, context.codebase().state())


TOOL = Tool(
    name="definition",
    title="Go to definition",
    description=(
        "Find where a Python symbol is defined, given a place where it is used, or its name. "
        "Follows imports, also into the standard library and installed packages."
    ),
    input_model=SymbolInput,
    output_model=ItemsOutput,
    run=definition,
    profiles=(Profile.READ, Profile.SYMBOLS),
)
