"""Change sets worked on as values: what they make, their inverse, their diff."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import assert_never

from mcp_tools.types.documents import Document
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
)
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit
from mcp_tools.types.text import Digest, digest_of
from mcp_tools.workspace.diffs import apply_edits, diff_edits, inverse_edits, unified_diff
from mcp_tools.workspace.encoding import check_text

_BOM = "\ufeff"

Read = Callable[[Path], Document]
"""Gives the current document of a path, or raises NotFound."""


def texts_after(changes: ChangeSet, read: Read) -> dict[Path, str | None]:
    """Give the text of every path as the change would leave it; None for a path without a file.

    Raises: StaleEdit if a base text is not the current one, InvalidEdit, also for text that no
        file can hold, NotFound.
    """
    texts: dict[Path, str | None] = {}
    for change in changes.files:
        if any(path in texts for path in _paths(change)):
            raise InvalidEdit(f"expected one change a path, got two for {change.path.name!r}")
        match change:
            case ModifyFile():
                for edit in change.edits:
                    check_text(edit.new_text, change.path)
                texts[change.path] = apply_edits(_base(change, read), change.edits)
            case CreateFile():
                check_text(change.text, change.path)
                _must_not_exist(change.path, read)
                texts[change.path] = change.text
            case DeleteFile():
                _base(change, read)
                texts[change.path] = None
            case RenameFile():
                _must_not_exist(change.new_path, read)
                texts[change.new_path] = _base(change, read)
                texts[change.path] = None
            case _:
                assert_never(change)
    return texts


def invert(changes: ChangeSet, read: Read) -> ChangeSet:
    """Give the change that undoes `changes`; `read` gives the text from before.

    Raises: StaleEdit, InvalidEdit, NotFound as `texts_after`.
    """
    after = texts_after(changes, read)
    files = tuple(_inverted(change, read, after) for change in reversed(changes.files))
    return ChangeSet(label=f"Undo: {changes.label}", files=files)


def change_between(
    label: str, before: Mapping[Path, str | None], after: Mapping[Path, str | None]
) -> ChangeSet:
    """Give the smallest change from one state of some paths to another; None is no file."""
    files: list[FileChange] = []
    for path in sorted(after):
        old, new = before.get(path), after[path]
        if old == new:
            continue
        if old is None:
            files.append(CreateFile(path=path, text=new or ""))
        elif new is None:
            files.append(DeleteFile(path=path, base=digest_of(old)))
        else:
            edits = diff_edits(old, new)
            files.append(ModifyFile(path=path, base=digest_of(old), edits=edits))
    return ChangeSet(label=label, files=tuple(files))


def diff_of(changes: ChangeSet, read: Read, root: Path) -> str:
    """Give a change set as one unified diff with paths relative to `root`.

    A byte order mark, which is in no text, is in the diff, so that it fits the file on disk.
    """
    after = texts_after(changes, read)
    parts: list[str] = []
    for path, new in sorted(after.items()):
        old = current_text(path, read)
        if old is not None and read(path).has_bom:
            old, new = _BOM + old, None if new is None else _BOM + new
        parts.append(unified_diff(path.relative_to(root).as_posix(), old, new))
    return "".join(parts)


def current_text(path: Path, read: Read) -> str | None:
    """Give the current text of a path, None if there is no file."""
    try:
        return read(path).text
    except NotFound:
        return None


def _paths(change: FileChange) -> tuple[Path, ...]:
    return (change.path, change.new_path) if isinstance(change, RenameFile) else (change.path,)


def _base(change: ModifyFile | DeleteFile | RenameFile, read: Read) -> str:
    document = read(change.path)
    _check_digest(change.path, change.base, document.digest)
    return document.text


def _check_digest(path: Path, expected: Digest, found: Digest) -> None:
    if expected != found:
        raise StaleEdit(
            f"{path.name!r} changed after the edit was computed; read it again and repeat the edit"
        )


def _must_not_exist(path: Path, read: Read) -> None:
    if current_text(path, read) is not None:
        raise StaleEdit(f"expected no file {path.name!r} yet, but there is one; read it first")


def _inverted(change: FileChange, read: Read, after: Mapping[Path, str | None]) -> FileChange:
    match change:
        case ModifyFile():
            text = read(change.path).text
            edits = inverse_edits(text, change.edits)
            base = digest_of(after[change.path] or "")
            return ModifyFile(path=change.path, base=base, edits=edits)
        case CreateFile():
            return DeleteFile(path=change.path, base=digest_of(change.text))
        case DeleteFile():
            return CreateFile(path=change.path, text=read(change.path).text)
        case RenameFile():
            return RenameFile(path=change.new_path, new_path=change.path, base=change.base)
        case _:
            assert_never(change)
