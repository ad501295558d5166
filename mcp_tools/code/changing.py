"""The answer of every tool that changes the text of one file."""

import asyncio
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from mcp_tools.code.answers.wording import counted
from mcp_tools.code.arguments import ToolOutput
from mcp_tools.code.seen import shortened_diff
from mcp_tools.types.calls import Answer, ReadLedger, ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet, CreateFile, ModifyFile, TextEdit
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.diffs import apply_edits, diff_edits


class ChangedFile(ToolOutput):
    """What a computed change of one file amounts to."""

    path: str = Field(description="The file, relative to the workspace root")
    is_new: bool = Field(description="The file does not exist yet")
    n_edits: int = Field(description="How many separate places change; 0 if nothing does")
    n_lines: int = Field(description="How many lines the file has afterwards")
    digest: str = Field(description="Digest of the text afterwards")
    diff: str = Field(description="The change as a unified diff, shortened when it is long")


async def modified(
    context: ToolContext, document: Document, edits: tuple[TextEdit, ...], *, note: str = ""
) -> Answer:
    """Answer with edits of a document, and remember the text that they make as seen.

    A `note` is added to what the caller reads.
    """
    return await asyncio.to_thread(_modified, context, document, edits, note)


async def rewritten(context: ToolContext, document: Document, text: str) -> Answer:
    """Answer with small edits that turn a document into `text`, made by a program that read it.

    What the session has seen stays what it was, unless it knows the document as it is.
    """
    is_known = context.reads.last_seen(document.path) == document.text
    own = context if is_known else replace(context, reads=ReadLedger())
    return await modified(own, document, await asyncio.to_thread(diff_edits, document.text, text))


async def created(context: ToolContext, path: Path, text: str) -> Answer:
    """Answer with a new file, and remember its text as seen."""
    return await asyncio.to_thread(_created, context, path, text)


def _modified(
    context: ToolContext, document: Document, edits: tuple[TextEdit, ...], note: str
) -> Answer:
    after = replace(document, text=apply_edits(document.text, edits))
    name = context.display(document.path)
    context.reads.record(after)
    data = _changed_file(context, after, old=document.text, n_edits=len(edits))
    if after.text == document.text:
        text = f"{name} has this text already; nothing changes"
        return Answer(text=_with_note(text, note), data=data)
    change = ModifyFile(path=document.path, base=document.digest, edits=edits)
    changes = ChangeSet(label=f"Edit {name}", files=(change,))
    text = _with_note(f"{name} changes:\n{data.diff}", note)
    return Answer(text=text, data=data, changes=changes)


def _created(context: ToolContext, path: Path, text: str) -> Answer:
    document = Document(path=path, text=text)
    context.reads.record(document)
    data = _changed_file(context, document, old=None, n_edits=1)
    changes = ChangeSet(label=f"Create {data.path}", files=(CreateFile(path=path, text=text),))
    return Answer(
        text=f"{data.path} is a new file with {counted(data.n_lines, 'line')}",
        data=data,
        changes=changes,
    )


def _with_note(text: str, note: str) -> str:
    return f"{text}\n{note}" if note else text


def _changed_file(
    context: ToolContext, after: Document, *, old: str | None, n_edits: int
) -> ChangedFile:
    name = context.display(after.path)
    return ChangedFile(
        path=name,
        is_new=old is None,
        n_edits=n_edits,
        n_lines=len(split_lines(after.text)),
        digest=after.digest,
        diff=shortened_diff(name, old, after.text),
    )
