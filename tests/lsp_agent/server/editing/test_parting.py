"""Which part of a change goes to the editor, and which to the disk."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from lsp_agent.server.editing.parting import Parts, divide
from mcp_tools.types.contents import Binary, Folder, State, digest_of_content
from mcp_tools.types.edits import (
    ChangeSet,
    CreateFile,
    DeleteFile,
    FileChange,
    ModifyFile,
    RenameFile,
    SetContent,
    TextEdit,
)
from mcp_tools.types.errors import Denied
from mcp_tools.types.text import Span, digest_of

OPEN, OTHER = Path("/project/open.py"), Path("/project/other.py")
SAVED = State(content="saved", mode=0o644)
ALL = ("create", "rename", "delete")
EDITS = (TextEdit(Span(0, 0), "x"),)


def parted(
    *files: FileChange,
    texts: Mapping[Path, str] | None = None,
    saved: Mapping[Path, State | None] | None = None,
    operations: Collection[str] = ALL,
) -> Parts:
    """Divide a change where `OPEN` is open and saved, if nothing else is said."""
    changes = ChangeSet(label="c", files=files)
    shown = {OPEN: "saved"} if texts is None else texts
    on_disk = {OPEN: SAVED, OTHER: SAVED, **(saved or {})}
    return divide(changes, shown, lambda path: on_disk.get(path), operations)


def modified(path: Path, *, mode: int | None = None, text: str = "saved") -> ModifyFile:
    return ModifyFile(path=path, base=digest_of(text), edits=EDITS, mode=mode)


def deleted(path: Path) -> DeleteFile:
    return DeleteFile(path=path, base=digest_of("saved"))


def renamed(path: Path) -> RenameFile:
    return RenameFile(path=path, new_path=Path("/project/new.py"), base=digest_of("saved"))


def test_what_is_open_goes_to_the_editor_and_the_rest_to_the_disk() -> None:
    created = CreateFile(path=Path("/project/new.py"), text="")
    parts = parted(modified(OPEN), modified(OTHER), created, deleted(Path("/project/old.py")))
    assert parts.texts == (modified(OPEN),)
    assert parts.disk == (modified(OTHER), created, deleted(Path("/project/old.py")))
    assert parts.operations == parts.emptied == ()


def test_the_mode_of_an_open_file_is_set_on_the_text_that_is_saved() -> None:
    parts = parted(modified(OPEN, mode=0o755, text="typed"), texts={OPEN: "typed"})
    assert parts.texts == (modified(OPEN, text="typed"),)
    (change,) = parts.disk
    assert isinstance(change, SetContent)
    assert (change.base, change.content, change.mode) == (digest_of("saved"), "saved", 0o755)


def test_a_mode_alone_does_not_bother_the_editor() -> None:
    change = ModifyFile(path=OPEN, base=digest_of("typed"), edits=(), mode=0o755)
    parts = parted(change, texts={OPEN: "typed"})
    assert parts.texts == ()
    assert [type(change) for change in parts.disk] == [SetContent]


def test_what_is_not_saved_has_no_mode_to_set() -> None:
    with pytest.raises(Denied, match=r"'open.py' is not saved yet"):
        parted(modified(OPEN, mode=0o755), saved={OPEN: None})


@pytest.mark.parametrize("change", [deleted(OPEN), renamed(OPEN)])
def test_an_open_file_is_removed_and_named_by_an_editor_that_can(
    change: DeleteFile | RenameFile,
) -> None:
    assert parted(change).operations == (change,)
    assert parted(change, operations=("create",)).disk == (change,)


@pytest.mark.parametrize(
    "change",
    [
        deleted(OPEN),
        renamed(OPEN),
        SetContent(path=OPEN, base=digest_of("saved"), content=Binary(b"\0")),
    ],
)
@pytest.mark.parametrize("operations", [ALL, ()])
@pytest.mark.parametrize("on_disk", [None, State(content="older"), State(content=Binary(b"\0"))])
def test_text_that_is_only_in_the_editor_is_not_removed(
    change: FileChange, operations: Collection[str], on_disk: State | None
) -> None:
    with pytest.raises(Denied, match=r"'open.py' has text .* save or close it first"):
        parted(change, saved={OPEN: on_disk}, operations=operations)


def test_an_open_and_saved_file_may_become_something_else() -> None:
    change = SetContent(path=OPEN, base=digest_of("saved"), content=Binary(b"\0"))
    assert parted(change).disk == (change,)


def test_a_folder_that_the_editor_empties_is_removed_after_that() -> None:
    inside = Path("/project/deep/er/open.py")
    folders = tuple(
        SetContent(path=path, base=digest_of_content(Folder()), content=None)
        for path in (Path("/project/deep/er"), Path("/project/deep"), Path("/project/empty"))
    )
    texts, saved = {inside: "saved"}, {inside: SAVED}
    parts = parted(deleted(inside), *folders, texts=texts, saved=saved)
    assert parts.disk == folders[2:]
    assert parts.emptied == folders[:2]
    by_disk = parted(deleted(inside), *folders, texts=texts, saved=saved, operations=())
    assert by_disk.disk == (deleted(inside), *folders)
    assert by_disk.emptied == ()
