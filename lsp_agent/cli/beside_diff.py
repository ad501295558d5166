"""What a change does that no unified diff can say: folders, and permissions.

It is said in lines that begin with `#`, which every program that reads diffs passes over. Names
in them are quoted, so that none can look like a line of the diff.
"""

from pathlib import Path
from typing import Literal

from mcp_tools.types.contents import Folder, digest_of_content
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    RenameFile,
    SetContent,
)


def beside_diff(changes: ChangeSet, root: Path) -> str:
    """Give a line for each folder that comes or goes, and for each change of permissions."""
    return "".join(_line(change, root) for change in changes.files)


def line_of_folder(does: Literal["new", "deleted"], name: str) -> str:
    """Give the line for a folder that comes or goes."""
    return f"# {does} folder {name!r}\n"


def line_of_mode(name: str, mode: int | None) -> str:
    """Give the line for permissions that are set."""
    return f"# permissions of {name!r}: {'as they are' if mode is None else f'{mode:o}'}\n"


def _line(change: FileChange, root: Path) -> str:
    name = change.path.relative_to(root).as_posix()
    if isinstance(change, SetContent):
        if isinstance(change.content, Folder):
            return line_of_folder("new", name)
        if change.content is None and change.base == digest_of_content(Folder()):
            return line_of_folder("deleted", name)
    if isinstance(change, RenameFile | DeleteFile) or change.mode is None:
        return ""
    is_new = isinstance(change, CreateFile) or (
        isinstance(change, SetContent) and change.base is None
    )
    # Of a new file, the diff says which of the two it is.
    return "" if is_new and change.mode in (0o644, 0o755) else line_of_mode(name, change.mode)
