"""Reading the source of one symbol."""

import asyncio

from pydantic import Field

from mcp_tools.code.answers.bodies import find_body
from mcp_tools.code.answers.data import ItemData, StampData, item_data
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.subject import SymbolInput, subject_of
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


class ReadSymbolOutput(ListOutput):
    """The source of a symbol."""

    symbol: ItemData = Field(description="What was read")
    body: str = Field(description="Its lines as they are; empty if only an overview fits")
    stamp: StampData = Field(description="The text of the file that it was taken from")


async def read_symbol(context: ToolContext, arguments: SymbolInput) -> Answer:
    """Give the source of a symbol, and remember its file as read.

    Raises: NotFound, with names that are near; StaleEdit if the file has changed since it was
        indexed; InvalidEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_read_symbol, context, arguments)


def _read_symbol(context: ToolContext, arguments: SymbolInput) -> Answer:
    target = subject_of(context.codebase, arguments)
    codebase = context.codebase()
    result = find_body(codebase, target)
    own = {"symbol": item_data(result.item), "stamp": result.stamp}
    answer = list_answer(
        result.listing,
        arguments,
        codebase.state(),
        lambda page, fields: ReadSymbolOutput.model_validate(
            fields | own | {"body": "\n".join(page.data)}
        ),
    )
    if isinstance(answer.data, ReadSymbolOutput) and answer.data.body:
        context.reads.record(result.document)
    return answer


TOOL = Tool(
    name="read_symbol",
    title="Read a symbol",
    description=(
        "Read the source of one Python class, function or variable, instead of its whole file. "
        "A very long one is given as an overview first, with a cursor for the lines."
    ),
    input_model=SymbolInput,
    output_model=ReadSymbolOutput,
    run=read_symbol,
    profiles=(Profile.READ, Profile.SYMBOLS, Profile.EDIT),
)
