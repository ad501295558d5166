"""Several replacements in one file, all or none."""

import asyncio
from functools import partial

from pydantic import Field

from mcp_tools.code.arguments import FilePath, NewString, OldString, ReplaceAll, ToolInput
from mcp_tools.code.changing import ChangedFile, modified
from mcp_tools.code.replacing import Replacement, replacing_edits
from mcp_tools.code.seen import carried_over
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.workspace.diffs import apply_edits, diff_edits


class OneEdit(ToolInput):
    """What to replace by what."""

    old_string: OldString
    new_string: NewString
    replace_all: ReplaceAll = False


class MultiEditInput(ToolInput):
    """Edits of one file, made one after the other."""

    path: FilePath
    edits: tuple[OneEdit, ...] = Field(
        min_length=1,
        max_length=100,
        description="In order; each sees the text that those before it made",
    )


async def multi_edit(context: ToolContext, arguments: MultiEditInput) -> Answer:
    """Answer with the edits of a file that all the replacements together make.

    Raises: InvalidEdit, naming the first replacement that cannot be made; StaleEdit if the same
        lines changed since the file was read; NotFound, NotText, OutsideWorkspace.
    """
    document = await context.read(context.resolve(arguments.path))
    replaced = partial(_edits_of, arguments.edits)
    edits, note = await asyncio.to_thread(carried_over, context, document, replaced)
    return await modified(context, document, edits, note=note)


def _edits_of(wanted: tuple[OneEdit, ...], before: str) -> tuple[TextEdit, ...]:
    """Give the edits of a text that all replacements make, one after the other.

    Raises: InvalidEdit, naming the first one that cannot be made.
    """
    text = before
    for number, edit in enumerate(wanted, 1):
        replacement = Replacement(
            old=edit.old_string, new=edit.new_string, is_everywhere=edit.replace_all
        )
        try:
            text = apply_edits(text, replacing_edits(text, replacement))
        except InvalidEdit as error:
            raise InvalidEdit(
                f"edit {number} of {len(wanted)}, so none was made: {error}"
            ) from error
    return diff_edits(before, text)


TOOL = Tool(
    name="multi_edit",
    title="Edit a file at several places",
    description=(
        "Make several replacements in one file, in order; all of them are made or none. "
        "Read the file with read_file first. Each old text must stand there exactly once, unless "
        "its replace_all is set. Returns a diff."
    ),
    input_model=MultiEditInput,
    output_model=ChangedFile,
    run=multi_edit,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    timeout_s=30.0,
)
