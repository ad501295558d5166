"""Making a file, or replacing the whole text of one."""

import asyncio
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FilePath, ToolInput
from mcp_tools.code.changing import ChangedFile, created, modified
from mcp_tools.code.seen import check_seen
from mcp_tools.types.calls import Answer, Profile, Risk, Tool, ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import NotFound
from mcp_tools.types.text import newline_of
from mcp_tools.workspace.diffs import diff_edits


class WriteFileInput(ToolInput):
    """A file and its whole new text."""

    path: FilePath
    content: Annotated[
        str,
        Field(
            max_length=4_000_000,
            description="The whole text",
            validation_alias=AliasChoices("content", "contents", "text", "file_text"),
        ),
    ]


async def write_file(context: ToolContext, arguments: WriteFileInput) -> Answer:
    """Answer with a new file, or with small edits that make it this text.

    A byte order mark stays, and content with LF alone takes the file's own line end.
    Raises: InvalidEdit if the file exists and was not read; StaleEdit if it changed since then;
        NotText, TooLarge, OutsideWorkspace.
    """
    path = context.resolve(arguments.path)
    # Whether a file has a byte order mark is kept beside its text, never in it.
    content = arguments.content.removeprefix("\ufeff")
    try:
        document = await context.read(path)
    except NotFound:
        return await created(context, path, content)
    check_seen(context, document)
    edits = await asyncio.to_thread(diff_edits, document.text, _fitted(document, content))
    return await modified(context, document, edits)


def _fitted(document: Document, content: str) -> str:
    if "\r" in content:
        return content
    return content.replace("\n", newline_of(document.text))


TOOL = Tool(
    name="write_file",
    title="Write a file",
    description=(
        "Make a new text file, with its missing folders, or replace the whole text of one that "
        "was read with read_file before. To change a part use edit_file. Returns a diff."
    ),
    input_model=WriteFileInput,
    output_model=ChangedFile,
    run=write_file,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    profiles=(Profile.EDIT,),
    timeout_s=30.0,
)
