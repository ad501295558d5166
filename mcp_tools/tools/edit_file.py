"""Replacing one piece of text in a file."""

import asyncio

from mcp_tools.code.arguments import FilePath, NewString, OldString, ReplaceAll, ToolInput
from mcp_tools.code.changing import ChangedFile, modified
from mcp_tools.code.replacing import Replacement, replacing_edits
from mcp_tools.code.seen import carried_over
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext


class EditFileInput(ToolInput):
    """What to replace by what."""

    path: FilePath
    old_string: OldString
    new_string: NewString
    replace_all: ReplaceAll = False


async def edit_file(context: ToolContext, arguments: EditFileInput) -> Answer:
    """Answer with the edit that replaces one piece of text, or all places of it.

    Raises: InvalidEdit if the file was not read, or the text is not there exactly once;
        StaleEdit if the same lines changed since the file was read; NotFound, NotText,
        OutsideWorkspace.
    """
    document = await context.read(context.resolve(arguments.path))
    wanted = Replacement(
        old=arguments.old_string,
        new=arguments.new_string,
        is_everywhere=arguments.replace_all,
    )
    edits, note = await asyncio.to_thread(
        carried_over, context, document, lambda text: replacing_edits(text, wanted)
    )
    return await modified(context, document, edits, note=note)


TOOL = Tool(
    name="edit_file",
    title="Edit a file",
    description=(
        "Replace a piece of text in a file by another; read the file with read_file first. "
        "The old text must stand there exactly once, unless replace_all is set. "
        "Returns a diff."
    ),
    input_model=EditFileInput,
    output_model=ChangedFile,
    run=edit_file,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    profiles=(Profile.EDIT,),
    timeout_s=30.0,
)
