"""Seeing what a file or a folder defines."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.items import flattened, trimmed
from mcp_tools.code.answers.listing import Detail, Page
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.places import file_of
from mcp_tools.code.answers.subject import AnswerInput
from mcp_tools.code.answers.symbols import file_overview, folder_overview, top_level
from mcp_tools.code.arguments import ScopePath
from mcp_tools.code.navigation.outline import outline
from mcp_tools.code.searching import is_file_entry
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext
from mcp_tools.types.codebase import CodebaseView


class SymbolOverviewInput(AnswerInput):
    """Of which file or folder, and how deep."""

    path: ScopePath = "."
    depth: Annotated[
        int,
        Field(
            ge=0,
            le=5,
            description="Levels within the top ones",
            validation_alias=AliasChoices("depth", "max_depth", "maxDepth"),
        ),
    ] = 1


class SymbolOverviewOutput(ListOutput):
    """What a file or a folder defines."""

    items: tuple[ItemData, ...] = Field(description="Each before those within it")


async def symbol_overview(context: ToolContext, arguments: SymbolOverviewInput) -> Answer:
    """Give the definitions of a file, or of all files of a folder, with signatures.

    Raises: NotFound, StaleEdit, OutsideWorkspace; InvalidEdit for a wrong cursor.
    """
    return await asyncio.to_thread(_symbol_overview, context, arguments)


def _symbol_overview(context: ToolContext, arguments: SymbolOverviewInput) -> Answer:
    codebase = context.codebase()
    file = file_of(context.snapshot, arguments.path)
    depth = arguments.depth
    if file != "." and is_file_entry(context.snapshot, context.root / file):
        return list_answer(
            file_overview(codebase, file, depth),
            arguments,
            codebase.state(),
            lambda page, fields: SymbolOverviewOutput.model_validate(
                fields | {"items": _items_of_file(codebase, file, page, depth)}
            ),
        )
    return list_answer(
        folder_overview(codebase, file, depth),
        arguments,
        codebase.state(),
        lambda page, fields: SymbolOverviewOutput.model_validate(
            fields | {"items": _items_of_files(codebase, page)}
        ),
    )


def _items_of_file(
    codebase: CodebaseView, file: str, page: Page[ItemData], depth: int
) -> tuple[ItemData, ...]:
    """Give the definitions that a page shows, in full with those within them."""
    if page.detail is not Detail.FULL:
        return page.data
    shown = {(item.line, item.column) for item in page.data}
    nodes = trimmed(outline(codebase, file))
    roots = [n for n in nodes if (n.item.place.line + 1, n.item.place.column + 1) in shown]
    return tuple(item_data(item) for item in flattened(roots, depth))


def _items_of_files(codebase: CodebaseView, page: Page[tuple[str, ...]]) -> tuple[ItemData, ...]:
    if page.detail not in {Detail.FULL, Detail.FIRST_LINES}:
        return ()
    files = [file for files in page.data for file in files]
    return tuple(item_data(node.item) for file in files for node in top_level(codebase, file))


TOOL = Tool(
    name="symbol_overview",
    title="Symbol overview",
    description=(
        "List the classes, functions and variables that a Python file defines, with signatures; "
        "of a folder, those of all its files. Use it before reading a file."
    ),
    input_model=SymbolOverviewInput,
    output_model=SymbolOverviewOutput,
    run=symbol_overview,
    profiles=(Profile.READ, Profile.SYMBOLS, Profile.EDIT),
)
