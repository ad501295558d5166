"""Replacing text in many files at once."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FileGlob, ScopePath, ToolInput
from mcp_tools.code.refactoring.answering import RefactoredOutput, refactored
from mcp_tools.code.ripgrep import Query
from mcp_tools.code.substituting import Wish, substituted
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext


class ReplaceInFilesInput(ToolInput):
    """What to replace by what, and where."""

    pattern: Annotated[
        str,
        Field(
            min_length=1,
            max_length=10_000,
            description="The text to find; with regex=true an expression in Rust syntax",
            examples=["old_name("],
            validation_alias=AliasChoices("pattern", "search", "find", "old_string", "needle"),
        ),
    ]
    replacement: Annotated[
        str,
        Field(
            max_length=100_000,
            description="What stands there afterwards; with regex=true `$1`, `${name}` are groups",
            validation_alias=AliasChoices(
                "replacement", "replace", "new_string", "repl", "replace_with"
            ),
        ),
    ]
    path: ScopePath = "."
    glob: FileGlob = ""
    regex: Annotated[
        bool,
        Field(
            description="Take the pattern as an expression",
            validation_alias=AliasChoices("regex", "is_regex", "isRegex", "isRegexp"),
        ),
    ] = False
    ignore_case: bool = Field(default=False, description="Let `a` match `A`")
    max_files: int = Field(
        default=50, ge=1, le=500, description="Refuse if more files than this would change"
    )


async def replace_in_files(context: ToolContext, arguments: ReplaceInFilesInput) -> Answer:
    """Answer with the edits that replace every match, with a count for each file.

    No file needs to be read before: the pattern says what stands at each place that changes.
    Raises: NotFound if nothing matches; InvalidEdit if too much does; ProgramFailed if the
        pattern is not valid; OutsideWorkspace.
    """
    query = Query(
        pattern=arguments.pattern,
        is_literal=not arguments.regex,
        ignores_case=arguments.ignore_case,
        glob=arguments.glob or None,
    )
    wish = Wish(
        query=query,
        replacement=arguments.replacement,
        path=arguments.path,
        max_files=arguments.max_files,
    )
    made = await substituted(context, wish)
    return await asyncio.to_thread(refactored, context, made)


TOOL = Tool(
    name="replace_in_files",
    title="Replace in files",
    description=(
        "Replace a text, or what an expression matches, in all files below a folder, as one "
        "change. Ignored and binary files stay. Returns how many places change in each file. "
        "For a name in code use rename_symbol, which knows what names mean."
    ),
    input_model=ReplaceInFilesInput,
    output_model=RefactoredOutput,
    run=replace_in_files,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
)
