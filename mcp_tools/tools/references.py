"""Finding where a symbol is used."""

import asyncio

from pydantic import Field

from mcp_tools.code.answers.data import ItemData, SiteData, item_data
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.references import find_references
from mcp_tools.code.answers.subject import SymbolInput, subject_of
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


class ReferencesInput(SymbolInput):
    """Of which symbol."""

    textual: bool = Field(default=False, description="Also where only the name is the same")


class ReferencesOutput(ListOutput):
    """Where a symbol is used."""

    symbol: ItemData = Field(description="What was looked for")
    sites: tuple[SiteData, ...] = Field(description="Sorted by file and place")
    n_textual: int = Field(description="Places of the same name whose meaning is not known")


async def references(context: ToolContext, arguments: ReferencesInput) -> Answer:
    """Give the places where a symbol is used, with the code around each.

    Raises: NotFound, with names that are near; InvalidEdit, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_references, context, arguments)


def _references(context: ToolContext, arguments: ReferencesInput) -> Answer:
    target = subject_of(context.codebase, arguments)
    codebase = context.codebase()
    result = find_references(codebase, target, include_textual=arguments.textual)
    own = {"symbol": item_data(result.item), "n_textual": len(result.found.textual)}
    return list_answer(
        result.listing,
        arguments,
        result.found.state,
        lambda page, fields: ReferencesOutput.model_validate(fields | own | {"sites": page.data}),
    )


TOOL = Tool(
    name="references",
    title="Find references",
    description=(
        "Find where a Python symbol is used, by what names mean, not by text. "
        "Each place has line:column, the [symbol] around it, and its line."
    ),
    input_model=ReferencesInput,
    output_model=ReferencesOutput,
    run=references,
    profiles=(Profile.READ, Profile.SYMBOLS, Profile.EDIT),
    timeout_s=300.0,
)
