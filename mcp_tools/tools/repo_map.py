"""Seeing the most important definitions of a code base."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.maps import MapData, draw_map
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.places import file_of
from mcp_tools.code.answers.subject import AnswerInput
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

MAX_FILES = 50

OnePath = Annotated[str, Field(min_length=1, max_length=4096)]


class RepoMapInput(AnswerInput):
    """What the map is for."""

    task: Annotated[
        str,
        Field(
            max_length=10_000,
            description="The task in words; names in it are preferred",
            validation_alias=AliasChoices("task", "query"),
        ),
    ] = ""
    files: tuple[OnePath, ...] = Field(
        default=(), max_length=MAX_FILES, description="Files or folders that it is about"
    )


class RepoMapOutput(ListOutput):
    """The most important definitions."""

    files: tuple[MapData, ...] = Field(description="The most important file first")


async def repo_map(context: ToolContext, arguments: RepoMapInput) -> Answer:
    """Give the definitions that the rest of the code uses most, for a task if one is named.

    Raises: OutsideWorkspace, StaleEdit; InvalidEdit for a wrong cursor.
    """
    return await asyncio.to_thread(_repo_map, context, arguments)


def _repo_map(context: ToolContext, arguments: RepoMapInput) -> Answer:
    codebase = context.codebase()
    listing = draw_map(
        codebase,
        files=[file_of(context.snapshot, path) for path in arguments.files],
        words=arguments.task,
        max_tokens=arguments.max_tokens,
    )
    return list_answer(
        listing,
        arguments,
        codebase.state(),
        lambda page, fields: RepoMapOutput.model_validate(fields | {"files": page.data}),
    )


TOOL = Tool(
    name="repo_map",
    title="Map the code base",
    description=(
        "Show the most used classes and functions of the code base, ranked by who uses them, "
        "in max_tokens. Say the task, and files it is about, to see what matters for it."
    ),
    input_model=RepoMapInput,
    output_model=RepoMapOutput,
    run=repo_map,
    profiles=(Profile.READ, Profile.SYMBOLS),
    timeout_s=300.0,
)
