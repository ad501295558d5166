"""Change sets for tests, computed as a tool would compute them."""

from pathlib import Path

from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, FileChange, ModifyFile
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.diffs import diff_edits


def modify(path: Path, old: str, new: str) -> ModifyFile:
    """Give the change of a file's text."""
    return ModifyFile(path=path, base=digest_of(old), edits=diff_edits(old, new))


def delete(path: Path, old: str) -> DeleteFile:
    """Give the deletion of a file with this text."""
    return DeleteFile(path=path, base=digest_of(old))


def create(path: Path, text: str) -> CreateFile:
    """Give the creation of a file."""
    return CreateFile(path=path, text=text)


def changes(*files: FileChange, label: str = "change") -> ChangeSet:
    """Give a change set of these changes."""
    return ChangeSet(label=label, files=files)
