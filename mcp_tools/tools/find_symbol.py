"""Finding definitions by name."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.naming import read_files_with
from mcp_tools.code.answers.outputs import ItemsOutput, items_answer
from mcp_tools.code.answers.places import file_of
from mcp_tools.code.answers.subject import AnswerInput
from mcp_tools.code.answers.symbols import SymbolsWish, find_symbols
from mcp_tools.code.arguments import ScopePath
from mcp_tools.code.navigation.results import ItemKind
from mcp_tools.code.searching import is_file_entry
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext
from mcp_tools.types.errors import NotFound

_QUERY_NAMES = AliasChoices(
    "name_path",
    "namePath",
    "name_path_pattern",
    "query",
    "pattern",
    "symbol",
    "symbol_name",
    "name",
)
_BODY_NAMES = AliasChoices("include_body", "includeBody", "body")


class FindSymbolInput(AnswerInput):
    """What to look for, and how much of it to give."""

    name_path: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            description="A name or part of one, `Class/method`, `/top_level`, `name[1]`",
            examples=["Class/method"],
            validation_alias=_QUERY_NAMES,
        ),
    ]
    path: ScopePath = "."
    kinds: tuple[ItemKind, ...] = Field(default=(), max_length=11, description="Only these kinds")
    include_body: Annotated[
        bool, Field(description="With the source", validation_alias=_BODY_NAMES)
    ] = False
    depth: Annotated[
        int,
        Field(
            ge=0,
            le=5,
            description="Levels within to list",
            validation_alias=AliasChoices("depth", "max_depth", "maxDepth"),
        ),
    ] = 0


async def find_symbol(context: ToolContext, arguments: FindSymbolInput) -> Answer:
    """Give definitions whose name matches, best first.

    Raises: NotFound if there is no such file or folder; StaleEdit, InvalidEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_find_symbol, context, arguments)


def _find_symbol(context: ToolContext, arguments: FindSymbolInput) -> Answer:
    read_files_with(context.codebase(), arguments.name_path)
    codebase = context.codebase()
    wish = SymbolsWish(
        query=arguments.name_path,
        scope=_scope(context, arguments.path),
        kinds=frozenset(arguments.kinds),
        depth=arguments.depth,
        has_body=arguments.include_body,
    )
    return items_answer(find_symbols(codebase, wish), arguments, codebase.state())


def _scope(context: ToolContext, path: str) -> str | None:
    """Give a file, or a folder with `/`, as the index names it; None for the root.

    Raises: NotFound, OutsideWorkspace.
    """
    file = file_of(context.snapshot, path)
    if file == ".":
        return None
    if is_file_entry(context.snapshot, context.root / file):
        return file
    if not any(found.startswith(f"{file}/") for found in context.codebase().files()):
        raise NotFound(f"there is no Python file at or below {path!r}; see list_dir")
    return f"{file}/"


TOOL = Tool(
    name="find_symbol",
    title="Find symbols by name",
    description=(
        "Find Python classes, functions and variables by name or part of a name, best match "
        "first, with signatures. Use it instead of grep for definitions."
    ),
    input_model=FindSymbolInput,
    output_model=ItemsOutput,
    run=find_symbol,
    profiles=(Profile.READ, Profile.SYMBOLS, Profile.EDIT),
)
