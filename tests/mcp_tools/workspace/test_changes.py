"""Change sets worked on as values."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.documents import Document
from mcp_tools.types.edits import FileChange, RenameFile
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.changes import (
    change_between,
    current_text,
    diff_of,
    invert,
    texts_after,
)
from tests.mcp_tools.workspace.changing import changes, create, delete, modify
from tests.mcp_tools.workspace.texts import any_text, many

A, B, C, NEW = Path("/r/a"), Path("/r/b"), Path("/r/c"), Path("/r/sub/new")


class Files(dict[Path, str]):
    """Texts by path, to be read as documents."""

    def read(self, path: Path) -> Document:
        """Give a text, or say that there is no such file."""
        if path not in self:
            raise NotFound(str(path))
        return Document(path=path, text=self[path])


FILES = Files({A: "a\n", B: "b\n", C: ""})


def rename(path: Path, new_path: Path, text: str) -> RenameFile:
    return RenameFile(path=path, new_path=new_path, base=digest_of(text))


def test_each_kind_of_change_gives_its_texts() -> None:
    change = changes(
        modify(A, "a\n", "A\n"), delete(C, ""), rename(B, Path("/r/d"), "b\n"), create(NEW, "n")
    )
    assert texts_after(change, FILES.read) == {
        A: "A\n",
        B: None,
        C: None,
        Path("/r/d"): "b\n",
        NEW: "n",
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (modify(A, "old", "x"), StaleEdit),
        (delete(A, "old"), StaleEdit),
        (rename(A, NEW, "old"), StaleEdit),
        (create(C, "x"), StaleEdit),
        (rename(A, B, "a\n"), StaleEdit),
        (rename(A, A, "a\n"), StaleEdit),
        (modify(NEW, "", "x"), NotFound),
        (delete(NEW, ""), NotFound),
        (rename(NEW, Path("/r/x"), ""), NotFound),
    ],
)
def test_a_change_of_something_else_than_what_is_there_is_refused(
    change: FileChange, error: type[Exception]
) -> None:
    with pytest.raises(error):
        texts_after(changes(change), FILES.read)


@pytest.mark.parametrize(
    "second", [modify(A, "a\n", "x"), delete(A, "a\n"), create(A, ""), rename(B, A, "b\n")]
)
def test_two_changes_of_one_path_are_refused(second: FileChange) -> None:
    with pytest.raises(InvalidEdit, match="one change a path"):
        texts_after(changes(modify(A, "a\n", "A"), second), FILES.read)


@pytest.mark.parametrize("text", ["a\0", "\ud800"])
def test_text_that_no_file_can_hold_is_refused(text: str) -> None:
    for change in (create(NEW, text), modify(A, "a\n", text)):
        with pytest.raises(InvalidEdit, match="leave it out"):
            texts_after(changes(change), FILES.read)


texts = st.dictionaries(st.sampled_from([A, B, C]), any_text)


@given(texts, texts)
@many
def test_the_change_between_two_states_leads_from_one_to_the_other_and_back(
    before: dict[Path, str], after: dict[Path, str]
) -> None:
    wanted = {path: after.get(path) for path in (A, B, C)}
    change = change_between("change", before, wanted)
    made = texts_after(change, Files(before).read)
    assert {**before, **made} == {**before, **{p: t for p, t in wanted.items() if p in made}}
    assert all(before.get(path) == wanted[path] for path in wanted if path not in made)
    undone = texts_after(invert(change, Files(before).read), Files(after).read)
    assert undone == {path: before.get(path) for path in made}


def test_the_inverse_of_a_rename_moves_the_file_back() -> None:
    change = changes(rename(A, NEW, "a\n"), create(Path("/r/x"), "x"))
    undo = invert(change, FILES.read)
    assert undo.label == "Undo: change"
    assert undo.files == (delete(Path("/r/x"), "x"), rename(NEW, A, "a\n"))


def test_no_difference_is_no_change() -> None:
    assert change_between("x", {A: "a"}, {A: "a", B: None}).files == ()


def test_a_diff_shows_every_file_sorted_and_relative_to_the_root() -> None:
    change = changes(
        create(NEW, "n\n"), modify(A, "a\n", "A\n"), rename(B, Path("/r/d"), "b\n"), delete(C, "")
    )
    assert diff_of(change, FILES.read, Path("/r")) == (
        "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+A\n"
        "--- a/b\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n"
        "diff --git a/c b/c\ndeleted file mode 100644\n"
        "--- /dev/null\n+++ b/d\n@@ -0,0 +1 @@\n+b\n"
        "--- /dev/null\n+++ b/sub/new\n@@ -0,0 +1 @@\n+n\n"
    )


def test_a_path_without_a_file_has_no_text() -> None:
    assert current_text(A, FILES.read) == "a\n"
    assert current_text(NEW, FILES.read) is None
