"""Change sets for tests, computed as a tool would compute them."""

from pathlib import Path

from mcp_tools.types.contents import Content, State, digest_of_content
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    SetContent,
)
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.diffs import diff_edits
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource

ENTRY_ID = "klmnopqrstuvwxyz"
"""The id of a journal entry, as its sink is told."""


def modify(path: Path, old: str, new: str, *, mode: int | None = None) -> ModifyFile:
    """Give the change of a file's text."""
    return ModifyFile(path=path, base=digest_of(old), edits=diff_edits(old, new), mode=mode)


def delete(path: Path, old: str) -> DeleteFile:
    """Give the deletion of a file with this text."""
    return DeleteFile(path=path, base=digest_of(old))


def create(path: Path, text: str) -> CreateFile:
    """Give the creation of a file."""
    return CreateFile(path=path, text=text)


def rename(path: Path, new_path: Path, old: Content) -> RenameFile:
    """Give the renaming of a file with this content."""
    return RenameFile(path=path, new_path=new_path, base=digest_of_content(old))


def put(path: Path, old: Content | None, new: State | None) -> SetContent:
    """Give the change of what is at a path, whatever its kind."""
    base = None if old is None else digest_of_content(old)
    if new is None:
        return SetContent(path=path, base=base, content=None)
    return SetContent(path=path, base=base, content=new.content, mode=new.mode, has_bom=new.has_bom)


def changes(*files: FileChange, label: str = "change") -> ChangeSet:
    """Give a change set of these changes."""
    return ChangeSet(label=label, files=files)


def write_now(where: DiskSource | Path, *files: FileChange) -> None:
    """Make these changes on disk, as one, below a root."""
    source = DiskSource(where) if isinstance(where, Path) else where
    DiskSink(source).apply_now(changes(*files), ENTRY_ID)
