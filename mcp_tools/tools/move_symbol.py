"""A symbol taken to another module."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.places import file_of
from mcp_tools.code.refactoring.answering import (
    EditedSymbol,
    RefactoredOutput,
    refactored,
    symbol_to_edit,
    with_more,
)
from mcp_tools.code.refactoring.elsewhere import places_elsewhere
from mcp_tools.code.refactoring.module_names import ModuleNames
from mcp_tools.code.refactoring.move_symbol import MoveOptions
from mcp_tools.code.refactoring.move_symbol import move_symbol as moving
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext


class MoveSymbolInput(EditedSymbol):
    """Which symbol, and where it goes."""

    new_path: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4096,
            description="The file that it goes to, relative to the root; it may be new",
            examples=["src/other.py"],
            validation_alias=AliasChoices("new_path", "newPath", "target", "destination"),
        ),
    ]
    keep_reexport: bool = Field(
        default=False, description="Let the old module import it, for code outside"
    )


async def move_symbol(context: ToolContext, arguments: MoveSymbolInput) -> Answer:
    """Answer with the edits that move a symbol and fix the imports of it everywhere.

    Raises: InvalidEdit if it cannot be moved; NotFound, StaleEdit, OutsideWorkspace.
    """
    made, word = await asyncio.to_thread(_move, context, arguments)
    places, note = await places_elsewhere(context, word)
    return await asyncio.to_thread(refactored, context, with_more(made, places, note))


def _move(context: ToolContext, arguments: MoveSymbolInput) -> tuple[Refactoring, str]:
    """Give the change, and the full name that the symbol had."""
    target = symbol_to_edit(context, arguments)
    codebase = context.codebase()
    new_file = file_of(context.snapshot, arguments.new_path)
    options = MoveOptions(keep_reexport=arguments.keep_reexport)
    made = moving(codebase, target, new_file, options)
    return made, f"{ModuleNames(codebase).absolute(target.file)}.{target.name}"


TOOL = Tool(
    name="move_symbol",
    title="Move a symbol",
    description=(
        "Move a Python function, class or variable from the top of a module to another module. "
        "The imports that it needs go along, and every import and use of it is fixed. "
        "Tells of circular imports and of places that it could not settle."
    ),
    input_model=MoveSymbolInput,
    output_model=RefactoredOutput,
    run=move_symbol,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    profiles=(Profile.SYMBOLS,),
    timeout_s=300.0,
)
