"""Another name for a symbol, everywhere."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.refactoring.answering import (
    EditedSymbol,
    RefactoredOutput,
    refactored,
    symbol_to_edit,
    with_more,
)
from mcp_tools.code.refactoring.elsewhere import places_elsewhere
from mcp_tools.code.refactoring.module_files import module_name_of
from mcp_tools.code.refactoring.rename import RenameOptions, rename
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext


class RenameSymbolInput(EditedSymbol):
    """Which symbol, and how it is to be called."""

    new_name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="The new name",
            validation_alias=AliasChoices("new_name", "newName"),
        ),
    ]
    in_docstrings: bool = Field(
        default=False, description="Also in docstrings and comments of changed files"
    )
    where_unsure: bool = Field(default=False, description="Also where only the name is the same")


async def rename_symbol(context: ToolContext, arguments: RenameSymbolInput) -> Answer:
    """Answer with the edits that rename a symbol at its definition and all uses.

    Raises: InvalidEdit if the name is taken or cannot be one; NotFound, StaleEdit,
        OutsideWorkspace.
    """
    made, word = await asyncio.to_thread(_rename, context, arguments)
    places, note = await places_elsewhere(context, word)
    return await asyncio.to_thread(refactored, context, with_more(made, places, note))


def _rename(context: ToolContext, arguments: RenameSymbolInput) -> tuple[Refactoring, str]:
    target = symbol_to_edit(context, arguments)
    codebase = context.codebase()
    options = RenameOptions(
        in_docstrings=arguments.in_docstrings, where_unsure=arguments.where_unsure
    )
    made = rename(codebase, target, arguments.new_name, options)
    return made, target.name or module_name_of(target.file)


TOOL = Tool(
    name="rename_symbol",
    title="Rename a symbol",
    description=(
        "Rename a Python function, class, variable, parameter, attribute or module everywhere: "
        "uses, imports, keyword arguments, overrides, files of modules. "
        "Lists the places that it could not settle, such as strings."
    ),
    input_model=RenameSymbolInput,
    output_model=RefactoredOutput,
    run=rename_symbol,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    profiles=(Profile.SYMBOLS, Profile.EDIT),
    timeout_s=300.0,
)
