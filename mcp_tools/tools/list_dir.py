"""Listing what is in a folder."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FolderPath, ToolInput, ToolOutput
from mcp_tools.code.searching import is_file_entry, is_ignored_entry
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext
from mcp_tools.types.documents import Entry
from mcp_tools.types.errors import NotFound

MAX_ENTRIES = 500


class ListDirInput(ToolInput):
    """Which folder, and how deep."""

    path: FolderPath = "."
    depth: Annotated[
        int,
        Field(
            ge=1,
            le=3,
            description="How many levels",
            validation_alias=AliasChoices("depth", "max_depth", "maxDepth"),
        ),
    ] = 1
    include_ignored: bool = Field(
        default=False, description="Also what .gitignore leaves out, without its content"
    )


class ListedEntry(ToolOutput):
    """One file, folder or link."""

    path: str = Field(description="Relative to the workspace root")
    kind: Literal["file", "folder", "link"]
    size_bytes: int | None = Field(description="Of a file; null for a folder")
    is_ignored: bool = Field(description="Ignore rules leave it out of the project")


class ListDirOutput(ToolOutput):
    """What a folder has."""

    path: str = Field(description="The folder, relative to the workspace root")
    entries: tuple[ListedEntry, ...] = Field(description="Sorted by path; the first 500")
    n_more: int = Field(description="How many entries are not in `entries`")
    n_ignored: int = Field(description="How many entries were left out because they are ignored")
    is_complete: bool = Field(description="`entries` has all that was asked for")


async def list_dir(context: ToolContext, arguments: ListDirInput) -> Answer:
    """Give a folder's entries, unsaved new files included; links stay closed.

    Raises: NotFound, OutsideWorkspace.
    """
    folder = context.resolve(arguments.path)
    if is_file_entry(context.snapshot, folder):
        raise NotFound(f"{arguments.path!r} is a file, not a folder; read it with read_file")
    found = await asyncio.to_thread(lambda: list(_walk(context, folder, arguments.depth)))
    wanted = [item for item in found if arguments.include_ignored or not item.is_ignored]
    entries = tuple(_listed(context, item) for item in wanted[:MAX_ENTRIES])
    data = ListDirOutput(
        path=context.display(folder),
        entries=entries,
        n_more=len(wanted) - len(entries),
        n_ignored=len(found) - len(wanted),
        is_complete=len(wanted) == len(entries),
    )
    return Answer(text=_text(data), data=data)


@dataclass(frozen=True, slots=True)
class _Item:
    entry: Entry
    is_ignored: bool


def _walk(context: ToolContext, folder: Path, depth: int) -> Iterator[_Item]:
    """Yield what is in a folder, each folder's content behind it; ignored ones stay closed."""
    for entry in context.snapshot.entries(folder):
        is_ignored = is_ignored_entry(context.snapshot, entry.path, is_dir=entry.is_dir)
        yield _Item(entry, is_ignored)
        if entry.is_dir and not entry.is_link and not is_ignored and depth > 1:
            yield from _walk(context, entry.path, depth - 1)


def _listed(context: ToolContext, item: _Item) -> ListedEntry:
    entry = item.entry
    is_folder = entry.is_dir and not entry.is_link
    return ListedEntry(
        # A link is named as it is, not by what it points to.
        path=context.display(entry.path),
        kind="link" if entry.is_link else "folder" if is_folder else "file",
        size_bytes=None if is_folder else entry.size_bytes,
        is_ignored=item.is_ignored,
    )


def _text(data: ListDirOutput) -> str:
    lines = [f"{data.path}/" if data.path != "." else "./"]
    if not data.entries and not data.n_ignored:
        return f"{lines[0]} is empty"
    n_above = 0 if data.path == "." else data.path.count("/") + 1
    for entry in data.entries:
        above, _, name = entry.path.rpartition("/")
        depth = (above.count("/") + 1 if above else 0) - n_above + 1
        lines.append(f"{'  ' * depth}{name}{_suffix(entry)}")
    if data.n_more:
        lines.append(f"[{data.n_more} more entries; list a folder below, or a smaller depth]")
    if data.n_ignored:
        lines.append(
            f"[{data.n_ignored} ignored entries left out; include_ignored=true lists them]"
        )
    return "\n".join(lines)


def _suffix(entry: ListedEntry) -> str:
    mark = {"folder": "/", "link": " (link)", "file": ""}[entry.kind]
    size = f"  {entry.size_bytes} B" if entry.kind == "file" else ""
    return f"{mark}{size}{'  (ignored)' if entry.is_ignored else ''}"


TOOL = Tool(
    name="list_dir",
    title="List a folder",
    description=(
        "List the files, with sizes, and folders in a folder, up to three levels deep. "
        "Use glob to find files by name."
    ),
    input_model=ListDirInput,
    output_model=ListDirOutput,
    run=list_dir,
    profiles=(Profile.READ,),
    timeout_s=30.0,
)
