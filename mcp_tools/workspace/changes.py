"""Change sets worked on as values: what they make, their inverse, their diff."""

import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from mcp_tools.types.contents import Binary, Content, Folder, Link, State, digest_of_content
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    SetContent,
)
from mcp_tools.types.errors import InvalidEdit, NotText, StaleEdit
from mcp_tools.types.text import Digest
from mcp_tools.workspace.diffs import FileMode, apply_edits, diff_edits, file_diff
from mcp_tools.workspace.encoding import check_text

_BOM = "\ufeff"

ReadState = Callable[[Path], State | None]
"""Gives what is at a path now, None for nothing, or raises an ExpectedError."""
States = Mapping[Path, State | None]


def states_after(changes: ChangeSet, read: ReadState) -> dict[Path, State | None]:
    """Give what is at every path as the change would leave it; None for nothing there.

    Missing parent folders, which a change makes too, are not named.
    Raises: StaleEdit if a base is not what is there now, InvalidEdit, also for text that no
        file can hold.
    """
    states: dict[Path, State | None] = {}
    for change in changes.files:
        if any(path in states for path in paths_of(change)):
            raise InvalidEdit(f"expected one change a path, got two for {change.path.name!r}")
        states |= _after(change, read)
    return states


def invert(changes: ChangeSet, read: ReadState) -> ChangeSet:
    """Give the change that undoes `changes`; `read` gives what was there before.

    Raises: StaleEdit, InvalidEdit as `states_after`.
    """
    after = states_after(changes, read)
    before = {path: read(path) for path in after}
    return change_between(f"Undo: {changes.label}", after, before)


def change_between(label: str, before: States, after: States) -> ChangeSet:
    """Give the smallest change from one state of some paths to another; None is nothing there.

    What is made comes before what is in it, and what is removed after: folders first or last.
    """
    removed: list[FileChange] = []
    made: list[FileChange] = []
    for path in sorted(after):
        change = _change_of(path, before.get(path), after[path])
        if change is not None:
            (removed if after[path] is None else made).append(change)
    return ChangeSet(label=label, files=(*reversed(removed), *made))


def diff_of(changes: ChangeSet, read: ReadState, root: Path) -> str:
    """Give a change set as one unified diff with paths relative to `root`.

    A byte order mark, which is in no text, is in the diff, so that it fits the file on disk.
    """
    after = states_after(changes, read)
    before = {path: read(path) for path in after}
    return diff_between(before, after, root)


def diff_between(before: States, after: States, root: Path) -> str:
    """Give the difference of two states of some paths as one unified diff."""
    parts: list[str] = []
    for path, new in sorted(after.items()):
        name = path.relative_to(root).as_posix()
        parts.append(file_diff(name, _as_file(before[path]), _as_file(new)))
    return "".join(parts)


def paths_of(change: FileChange) -> tuple[Path, ...]:
    """Give the paths that a change touches: for a rename both names."""
    return (change.path, change.new_path) if isinstance(change, RenameFile) else (change.path,)


def is_same_kind(a: Content, b: Content) -> bool:
    """Tell whether two contents are both files, links or folders: then a mode stays."""
    files = (str, Binary)
    return type(a) is type(b) or (isinstance(a, files) and isinstance(b, files))


def check_base(path: Path, expected: Digest | None, found: State | None) -> None:
    """See that what is at a path is what a change was computed from.

    Raises: StaleEdit.
    """
    digest = None if found is None else digest_of_content(found.content)
    if digest == expected:
        return
    if expected is None:
        raise StaleEdit(f"expected no file {path.name!r} yet, but there is one; read it first")
    raise StaleEdit(
        f"{path.name!r} changed after the edit was computed; read it again and repeat the edit"
    )


def _after(change: FileChange, read: ReadState) -> dict[Path, State | None]:
    match change:
        case ModifyFile():
            return {change.path: _modified(change, read)}
        case CreateFile():
            check_text(change.text, change.path)
            check_base(change.path, None, read(change.path))
            state = State(content=change.text, mode=change.mode, has_bom=change.has_bom)
            return {change.path: state}
        case DeleteFile():
            check_base(change.path, change.base, read(change.path))
            return {change.path: None}
        case RenameFile():
            state = read(change.path)
            check_base(change.path, change.base, state)
            check_base(change.new_path, None, read(change.new_path))
            return {change.new_path: state, change.path: None}
        case SetContent():
            return {change.path: _set(change, read(change.path))}
        case _:
            assert_never(change)


def _modified(change: ModifyFile, read: ReadState) -> State:
    for edit in change.edits:
        check_text(edit.new_text, change.path)
    state = read(change.path)
    check_base(change.path, change.base, state)
    if state is None or not isinstance(state.content, str):
        raise NotText(f"{change.path.name!r} is not a text file, so no text edit can be made")
    text = apply_edits(state.content, change.edits)
    mode = state.mode if change.mode is None else change.mode
    return replace(state, content=text, mode=mode)


def _set(change: SetContent, found: State | None) -> State | None:
    check_base(change.path, change.base, found)
    if change.content is None:
        return None
    if isinstance(change.content, str):
        check_text(change.content, change.path)
    old_mode = found.mode if found and is_same_kind(found.content, change.content) else None
    mode = old_mode if change.mode is None else change.mode
    return State(content=change.content, mode=mode, has_bom=change.has_bom)


def _change_of(path: Path, old: State | None, new: State | None) -> FileChange | None:
    """Give the change of one path, None where nothing differs; a mode of None is no wish."""
    if old is None:
        return None if new is None else _made(path, new)
    base = digest_of_content(old.content)
    if new is None:
        if isinstance(old.content, str):
            return DeleteFile(path=path, base=base)
        return SetContent(path=path, base=base, content=None)
    keeps_mode = new.mode == old.mode and is_same_kind(old.content, new.content)
    mode = None if keeps_mode else new.mode
    if isinstance(old.content, str) and isinstance(new.content, str):
        if old.has_bom == new.has_bom:
            edits = diff_edits(old.content, new.content)
            if not edits and mode is None:
                return None
            return ModifyFile(path=path, base=base, edits=edits, mode=mode)
    elif old.content == new.content and mode is None:
        return None
    return SetContent(path=path, base=base, content=new.content, mode=mode, has_bom=new.has_bom)


def _made(path: Path, new: State) -> FileChange:
    if isinstance(new.content, str):
        return CreateFile(path=path, text=new.content, mode=new.mode, has_bom=new.has_bom)
    return SetContent(path=path, base=None, content=new.content, mode=new.mode)


def _as_file(state: State | None) -> tuple[str | bytes, FileMode] | None:
    """Give a state as git sees it: bytes or text, and a mode; a folder is nothing to git."""
    if state is None:
        return None
    match state.content:
        case Folder():
            return None
        case Link(target=target):
            return target, FileMode.LINK
        case Binary(data=data):
            return data, _file_mode(state)
        case str() as text:
            return (_BOM + text if state.has_bom else text), _file_mode(state)


def _file_mode(state: State) -> FileMode:
    is_executable = state.mode is not None and bool(state.mode & stat.S_IXUSR)
    return FileMode.EXECUTABLE if is_executable else FileMode.PLAIN
