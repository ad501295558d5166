"""Finding how one function comes to call another."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.answers.naming import located
from mcp_tools.code.answers.outputs import ListOutput, list_answer
from mcp_tools.code.answers.paths import StepData, find_path
from mcp_tools.code.answers.subject import AnswerInput
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext


class CallPathInput(AnswerInput):
    """From which function to which."""

    source: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            description="The caller: `Class/method`, `pkg.mod:func` or `file.py:Class/method`",
            examples=["Class/method"],
            validation_alias=AliasChoices("source", "from", "caller", "start"),
        ),
    ]
    goal: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            description="What is called, likewise",
            examples=["pkg.mod:func"],
            validation_alias=AliasChoices("goal", "to", "target", "callee", "end"),
        ),
    ]


class CallPathOutput(ListOutput):
    """The way from one function to another."""

    steps: tuple[StepData, ...] = Field(description="From source to goal; empty if none was found")
    is_complete: bool = Field(description="All ways were looked at, or one was found")


async def call_path(context: ToolContext, arguments: CallPathInput) -> Answer:
    """Give a shortest way of calls from one function to another.

    Raises: NotFound, with names that are near; InvalidEdit, StaleEdit.
    """
    return await asyncio.to_thread(_call_path, context, arguments)


def _call_path(context: ToolContext, arguments: CallPathInput) -> Answer:
    source = located(context.codebase, arguments.source)
    goal = located(context.codebase, arguments.goal)
    codebase = context.codebase()
    result = find_path(codebase, source, goal)
    return list_answer(
        result.listing,
        arguments,
        codebase.state(),
        lambda page, fields: CallPathOutput.model_validate(
            fields | {"steps": page.data, "is_complete": result.path.is_complete}
        ),
    )


TOOL = Tool(
    name="call_path",
    title="Find a call path",
    description=(
        "Find a shortest way of calls from one Python function to another, "
        "with the line of each call behind `<-`."
    ),
    input_model=CallPathInput,
    output_model=CallPathOutput,
    run=call_path,
    profiles=(Profile.READ, Profile.SYMBOLS),
    timeout_s=300.0,
)
