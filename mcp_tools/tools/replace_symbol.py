"""New source in the place of a symbol."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.refactoring.answering import (
    EditedSymbol,
    RefactoredOutput,
    refactored,
    symbol_to_edit,
)
from mcp_tools.code.refactoring.replace_symbol import replace_symbol as replacing
from mcp_tools.code.seen import check_seen
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE


class ReplaceSymbolInput(EditedSymbol):
    """Which symbol, and its new source."""

    source: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1_000_000,
            description="The whole new definition; decorators stay if it has none",
            validation_alias=AliasChoices("source", "body", "new_body", "code", "content"),
        ),
    ]


async def replace_symbol(context: ToolContext, arguments: ReplaceSymbolInput) -> Answer:
    """Answer with the edit that gives a symbol new source.

    Raises: InvalidEdit if its file was not read, or the source is no definition of it;
        StaleEdit if the file changed since it was read; NotFound, OutsideWorkspace.
    """
    return await asyncio.to_thread(_replace, context, arguments)


def _replace(context: ToolContext, arguments: ReplaceSymbolInput) -> Answer:
    target = symbol_to_edit(context, arguments)
    codebase = context.codebase()
    item = item_of(codebase, target)
    if item.symbol == NONE:
        raise InvalidEdit(
            f"{item.name!r} is a {item.kind.value}; only functions, classes and variables of a "
            "module or class are replaced, use edit_file"
        )
    check_seen(context, codebase.document(item.file))
    return refactored(context, replacing(codebase, item.file, item.symbol, arguments.source))


TOOL = Tool(
    name="replace_symbol",
    title="Replace a symbol",
    description=(
        "Give a Python function, class or variable new source; read it with read_symbol first. "
        "It is indented to fit, and must define the same name. Returns a diff."
    ),
    input_model=ReplaceSymbolInput,
    output_model=RefactoredOutput,
    run=replace_symbol,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    profiles=(Profile.SYMBOLS, Profile.EDIT),
)
