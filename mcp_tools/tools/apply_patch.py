"""Changing many files by a patch."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import ToolInput
from mcp_tools.code.patching.changes import parse_patch, patched
from mcp_tools.code.refactoring.answering import RefactoredOutput, refactored
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext

_EXAMPLE = (
    "*** Begin Patch\n*** Update File: a.py\n@@ def f():\n-    x = 1\n+    x = 2\n*** End Patch"
)


class ApplyPatchInput(ToolInput):
    """What to change, as a patch."""

    patch: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2_000_000,
            description=(
                "`*** Begin Patch` with `*** Update File:`, `*** Add File:`, `*** Delete File:`, "
                "`*** Move to:`; or a unified diff"
            ),
            examples=[_EXAMPLE],
            validation_alias=AliasChoices("patch", "input", "patch_text", "patchText", "diff"),
        ),
    ]


async def apply_patch(context: ToolContext, arguments: ApplyPatchInput) -> Answer:
    """Answer with the edits that a patch makes, in all files that it names.

    A file that changes need not be read before: the lines of its hunks must stand there as they
    are. One that is deleted without its lines must have been.
    Raises: InvalidEdit, naming the hunk that does not fit; NotFound, NotText, StaleEdit,
        OutsideWorkspace.
    """
    return await asyncio.to_thread(_apply, context, arguments)


def _apply(context: ToolContext, arguments: ApplyPatchInput) -> Answer:
    changes = patched(context, parse_patch(arguments.patch))
    notes = () if changes.files else ("the files have this text already, so nothing changes",)
    return refactored(context, Refactoring(changes=changes, notes=notes))


TOOL = Tool(
    name="apply_patch",
    title="Apply a patch",
    description=(
        "Change, add, delete or move files by one patch, all of it or nothing. "
        "Kept and removed lines must stand in the file exactly and at one place; line numbers "
        "may be off. Returns the change as a diff."
    ),
    input_model=ApplyPatchInput,
    output_model=RefactoredOutput,
    run=apply_patch,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
)
