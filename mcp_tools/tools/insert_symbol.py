"""A new definition beside a symbol."""

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
from mcp_tools.code.refactoring.insert_symbol import Side
from mcp_tools.code.refactoring.insert_symbol import insert_symbol as inserting
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE


class InsertSymbolInput(EditedSymbol):
    """Beside which symbol, and what."""

    source: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1_000_000,
            description="The new definition",
            validation_alias=AliasChoices("source", "body", "new_body", "code", "content"),
        ),
    ]
    side: Annotated[
        Side,
        Field(
            description="On which side of the symbol",
            validation_alias=AliasChoices("side", "position", "where"),
        ),
    ] = Side.AFTER


async def insert_symbol(context: ToolContext, arguments: InsertSymbolInput) -> Answer:
    """Answer with the edit that puts a definition beside a symbol.

    Raises: InvalidEdit if the source has a syntax error; NotFound, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_insert, context, arguments)


def _insert(context: ToolContext, arguments: InsertSymbolInput) -> Answer:
    target = symbol_to_edit(context, arguments)
    codebase = context.codebase()
    item = item_of(codebase, target)
    if item.symbol == NONE:
        raise InvalidEdit(
            f"{item.name!r} is a {item.kind.value}; name a function, class or variable that the "
            "new definition goes beside"
        )
    made = inserting(codebase, item.file, item.symbol, arguments.source, arguments.side)
    return refactored(context, made)


TOOL = Tool(
    name="insert_symbol",
    title="Insert a symbol",
    description=(
        "Put a new Python definition before or after a function, class or variable. "
        "Indentation and blank lines are made to fit. Returns a diff."
    ),
    input_model=InsertSymbolInput,
    output_model=RefactoredOutput,
    run=insert_symbol,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    profiles=(Profile.SYMBOLS, Profile.EDIT),
)
