"""Other parameters for a function, and calls that fit them."""

import asyncio

from pydantic import Field

from mcp_tools.code.arguments import ToolInput
from mcp_tools.code.refactoring.answering import (
    EditedSymbol,
    RefactoredOutput,
    refactored,
    symbol_to_edit,
)
from mcp_tools.code.refactoring.change_signature import NewSignature
from mcp_tools.code.refactoring.change_signature import change_signature as changing
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext


class RenamedParameter(ToolInput):
    """A parameter that gets another name."""

    old: str = Field(min_length=1, max_length=200, description="The old name")
    new: str = Field(min_length=1, max_length=200, description="The new name")


class ParameterValue(ToolInput):
    """What callers give for a parameter."""

    name: str = Field(min_length=1, max_length=200, description="The parameter")
    value: str = Field(min_length=1, max_length=1000, description="Python source, as `None`")


class ChangeSignatureInput(EditedSymbol):
    """Which function, and its new parameters."""

    parameters: str = Field(
        max_length=10_000,
        description="All parameters as in the `def`",
        examples=["self, a, *, b: int = 0"],
    )
    renamed: tuple[RenamedParameter, ...] = Field(
        default=(), max_length=100, description="Parameters that only get another name"
    )
    values: tuple[ParameterValue, ...] = Field(
        default=(), max_length=100, description="What each call gives for a new parameter"
    )


async def change_signature(context: ToolContext, arguments: ChangeSignatureInput) -> Answer:
    """Answer with the edits that change the parameters of a function and the calls of it.

    Raises: InvalidEdit if the parameters cannot be read, or one that goes is still used;
        NotFound, StaleEdit, OutsideWorkspace.
    """
    return await asyncio.to_thread(_change, context, arguments)


def _change(context: ToolContext, arguments: ChangeSignatureInput) -> Answer:
    target = symbol_to_edit(context, arguments)
    codebase = context.codebase()
    new = NewSignature(
        parameters=arguments.parameters,
        renamed={each.old: each.new for each in arguments.renamed},
        values={each.name: each.value for each in arguments.values},
    )
    return refactored(context, changing(codebase, target, new))


TOOL = Tool(
    name="change_signature",
    title="Change a signature",
    description=(
        "Give a Python function or method other parameters, and each call arguments that fit: "
        "add, remove, rename, reorder. Overrides change along. "
        "For a constructor name `Class/__init__`. Lists calls that it could not settle."
    ),
    input_model=ChangeSignatureInput,
    output_model=RefactoredOutput,
    run=change_signature,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    profiles=(Profile.SYMBOLS,),
    timeout_s=300.0,
)
