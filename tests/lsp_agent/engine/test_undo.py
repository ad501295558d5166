"""Taking accepted changes back, newest first, and keeping what was typed since."""

from pathlib import Path

import pytest

from lsp_agent.engine.undo import AppliedChange, UndoStack, applied_change, undo_changes
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.workspace.changes import Read, change_between, texts_after

A, B = Path("/project/a.py"), Path("/project/b.py")


def reading(texts: dict[Path, str]) -> Read:
    """Give a function that reads from a table."""

    def read(path: Path) -> Document:
        if path not in texts:
            raise NotFound(f"there is no file {path.name!r}")
        return Document(path=path, text=texts[path])

    return read


def applied(before: dict[Path, str | None], after: dict[Path, str | None]) -> AppliedChange:
    return AppliedChange(label="Edit", before=before, after=after)


def test_a_change_remembers_the_texts_before_and_after() -> None:
    changes = change_between("Edit", {A: "1\n", B: None}, {A: "2\n", B: "new\n"})
    assert applied_change(changes, reading({A: "1\n"})) == applied(
        {A: "1\n", B: None}, {A: "2\n", B: "new\n"}
    )


def test_a_change_of_another_text_is_not_remembered() -> None:
    changes = change_between("Edit", {A: "1\n"}, {A: "2\n"})
    with pytest.raises(StaleEdit):
        applied_change(changes, reading({A: "3\n"}))


def test_edits_creations_and_deletions_are_taken_back() -> None:
    change = applied({A: "1\n", B: None}, {A: None, B: "new\n"})
    undo = undo_changes(change, reading({B: "new\n"}))
    assert undo.label == "Undo: Edit"
    assert texts_after(undo, reading({B: "new\n"})) == {A: "1\n", B: None}


def test_lines_that_were_typed_since_are_kept() -> None:
    change = applied({A: "1\nend\n"}, {A: "2\nend\n"})
    now = reading({A: "2\nend\nmine\n"})
    assert texts_after(undo_changes(change, now), now) == {A: "1\nend\nmine\n"}


def test_a_line_that_was_changed_since_is_not_taken_back() -> None:
    with pytest.raises(StaleEdit):
        undo_changes(applied({A: "1\n"}, {A: "2\n"}), reading({A: "3\n"}))


def test_a_new_file_that_was_edited_since_is_not_deleted() -> None:
    with pytest.raises(StaleEdit):
        undo_changes(applied({B: None}, {B: "new\n"}), reading({B: "new\nmine\n"}))


def test_what_is_as_before_needs_no_change() -> None:
    undo = undo_changes(applied({A: "1\n"}, {A: "2\n"}), reading({A: "1\n"}))
    assert undo.files == ()


def test_the_newest_change_comes_first_also_by_file() -> None:
    stack = UndoStack()
    first, second = applied({A: "1"}, {A: "2"}), applied({B: "1"}, {B: "2"})
    stack.push(first)
    stack.push(second)
    assert stack.newest(None) is second
    assert stack.newest(A) is first
    stack.remove(second)
    assert stack.newest(None) is first
    with pytest.raises(NotFound, match=r"there is nothing to undo in 'b\.py'"):
        stack.newest(B)
