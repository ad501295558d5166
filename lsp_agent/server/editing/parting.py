"""Which part of a change the editor makes, and which the disk.

What is open in the editor is changed there, where the person sees it and can take it back;
everything else goes to the disk. A text that was not saved is never lost to a change that an
editor cannot make itself: such a change is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from mcp_tools.types.contents import digest_of_content
from mcp_tools.types.edits import (
    ChangeSet,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    SetContent,
)
from mcp_tools.types.errors import Denied
from mcp_tools.workspace.changes import ReadState

Operation: TypeAlias = DeleteFile | RenameFile
"""What an editor calls a resource operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A change in parts, in the order in which they are made."""

    disk: tuple[FileChange, ...]
    texts: tuple[ModifyFile, ...]
    operations: tuple[Operation, ...]
    emptied: tuple[FileChange, ...]
    """Folders to remove from the disk, once the editor has removed what is in them."""


def divide(
    changes: ChangeSet,
    texts: Mapping[Path, str],
    saved: ReadState,
    operations: Collection[str],
) -> Parts:
    """Divide a change; `texts` are those of the documents that are open in the editor.

    `saved` gives what the disk has, and `operations` names the resource operations that the
    editor can do. Raises: Denied for what would lose unsaved text.
    """
    for_disk: list[FileChange] = []
    for_texts: list[ModifyFile] = []
    by_editor: list[Operation] = []
    for change in changes.files:
        text = texts.get(change.path)
        if text is None:
            for_disk.append(change)
        elif isinstance(change, ModifyFile):
            if change.edits:
                for_texts.append(replace(change, mode=None))
            if change.mode is not None:
                for_disk.append(_mode_change(change.path, change.mode, saved))
        else:
            _check_saved(change.path, text, saved)
            if isinstance(change, Operation) and _name_of(change) in operations:
                by_editor.append(change)
            else:
                for_disk.append(change)
    removed = {change.path for change in by_editor}
    emptied = tuple(change for change in for_disk if _is_emptied(change, removed))
    return Parts(
        disk=tuple(change for change in for_disk if change not in emptied),
        texts=tuple(for_texts),
        operations=tuple(by_editor),
        emptied=emptied,
    )


def _mode_change(path: Path, mode: int, saved: ReadState) -> SetContent:
    """Give the change of the mode alone, which no editor makes, on what the disk has."""
    state = saved(path)
    if state is None:
        raise Denied(f"{path.name!r} is not saved yet, so it has no mode to set")
    return SetContent(
        path=path,
        base=digest_of_content(state.content),
        content=state.content,
        mode=mode,
        has_bom=state.has_bom,
    )


def _check_saved(path: Path, text: str, saved: ReadState) -> None:
    state = saved(path)
    if state is None or state.content != text:
        raise Denied(
            f"{path.name!r} has text in the editor that is not saved; "
            "save or close it first, so that nothing of it is lost"
        )


def _name_of(operation: Operation) -> str:
    return "delete" if isinstance(operation, DeleteFile) else "rename"


def _is_emptied(change: FileChange, removed: Collection[Path]) -> bool:
    is_removal = isinstance(change, SetContent) and change.content is None
    return is_removal and any(change.path in path.parents for path in removed)
