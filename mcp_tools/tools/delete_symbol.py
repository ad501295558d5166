"""The removal of a symbol that nothing uses."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.refactoring.answering import (
    EditedSymbol,
    RefactoredOutput,
    refactored,
    symbol_to_edit,
)
from mcp_tools.code.refactoring.delete_symbol import DeleteOptions
from mcp_tools.code.refactoring.delete_symbol import delete_symbol as deleting
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext


class DeleteSymbolInput(EditedSymbol):
    """Which symbol goes."""

    even_if_used: Annotated[
        bool,
        Field(
            description="Also when it is used; its uses are then listed and left",
            validation_alias=AliasChoices("even_if_used", "force"),
        ),
    ] = False


async def delete_symbol(context: ToolContext, arguments: DeleteSymbolInput) -> Answer:
    """Answer with the edit that removes a symbol.

    Raises: InvalidEdit, with the places, if it is used; NotFound, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_delete, context, arguments)


def _delete(context: ToolContext, arguments: DeleteSymbolInput) -> Answer:
    target = symbol_to_edit(context, arguments)
    codebase = context.codebase()
    options = DeleteOptions(even_if_used=arguments.even_if_used)
    return refactored(context, deleting(codebase, target, options))


TOOL = Tool(
    name="delete_symbol",
    title="Delete a symbol",
    description=(
        "Remove a Python function, class or variable with its decorators and comments, if "
        "nothing uses it; otherwise the uses are listed and nothing changes."
    ),
    input_model=DeleteSymbolInput,
    output_model=RefactoredOutput,
    run=delete_symbol,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    profiles=(Profile.SYMBOLS,),
    timeout_s=300.0,
)
