"""Change sets worked on as values."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.contents import Binary, Content, Folder, Link, State, digest_of_content
from mcp_tools.types.edits import CreateFile, FileChange, ModifyFile, RenameFile, SetContent
from mcp_tools.types.errors import InvalidEdit, NotText, StaleEdit
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.changes import (
    change_between,
    diff_between,
    diff_of,
    invert,
    paths_of,
    states_after,
)
from tests.mcp_tools.workspace.changing import changes, create, delete, modify
from tests.mcp_tools.workspace.texts import any_text, many

A, B, C, NEW = Path("/r/a"), Path("/r/b"), Path("/r/c"), Path("/r/sub/new")


PLAIN = 0o644


class Files(dict[Path, State]):
    """What is at some paths; elsewhere is nothing."""

    def read(self, path: Path) -> State | None:
        """Give what is at a path."""
        return self.get(path)


def files(**contents: Content) -> Files:
    """Give files below `/r` with an ordinary mode."""
    found = {Path("/r") / name: text(content) for name, content in contents.items()}
    return Files(found)


def text(content: Content) -> State:
    return State(content=content, mode=None if isinstance(content, Link) else PLAIN)


FILES = files(a="a\n", b="b\n", c="")


def replaced(
    path: Path, old: Content | None, new: Content | None, *, mode: int | None = None
) -> SetContent:
    base = None if old is None else digest_of_content(old)
    return SetContent(path=path, base=base, content=new, mode=mode)


def rename(path: Path, new_path: Path, text: str) -> RenameFile:
    return RenameFile(path=path, new_path=new_path, base=digest_of(text))


def test_each_kind_of_change_gives_its_texts() -> None:
    change = changes(
        modify(A, "a\n", "A\n"), delete(C, ""), rename(B, Path("/r/d"), "b\n"), create(NEW, "n")
    )
    assert states_after(change, FILES.read) == {
        A: text("A\n"),
        B: None,
        C: None,
        Path("/r/d"): text("b\n"),
        NEW: State(content="n"),
    }


@pytest.mark.parametrize(
    ("old", "new", "mode", "expected"),
    [
        (None, Link("x"), None, State(content=Link("x"))),
        (None, Folder(), 0o700, State(content=Folder(), mode=0o700)),
        ("a\n", Binary(b"\0"), None, State(content=Binary(b"\0"), mode=PLAIN)),
        ("a\n", "a\n", 0o755, State(content="a\n", mode=0o755)),
        ("a\n", Link("x"), None, State(content=Link("x"))),
        ("a\n", Folder(), None, State(content=Folder())),
        ("a\n", None, None, None),
    ],
)
def test_what_no_text_edit_can_say_is_set(
    old: Content | None, new: Content | None, mode: int | None, expected: State | None
) -> None:
    path = NEW if old is None else A
    assert states_after(changes(replaced(path, old, new, mode=mode)), FILES.read) == {
        path: expected
    }


def test_a_change_of_text_keeps_mode_and_mark_unless_it_names_them() -> None:
    there = Files({A: State(content="a\n", mode=0o600, has_bom=True)})
    (after,) = states_after(changes(modify(A, "a\n", "b\n")), there.read).values()
    assert after == State(content="b\n", mode=0o600, has_bom=True)
    change = ModifyFile(path=A, base=digest_of("a\n"), edits=(), mode=0o700)
    (after,) = states_after(changes(change), there.read).values()
    assert after == State(content="a\n", mode=0o700, has_bom=True)
    made = CreateFile(path=B, text="b", mode=0o755, has_bom=True)
    (after,) = states_after(changes(made), there.read).values()
    assert after == State(content="b", mode=0o755, has_bom=True)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (modify(A, "old", "x"), StaleEdit),
        (delete(A, "old"), StaleEdit),
        (rename(A, NEW, "old"), StaleEdit),
        (create(C, "x"), StaleEdit),
        (rename(A, B, "a\n"), StaleEdit),
        (rename(A, A, "a\n"), StaleEdit),
        (modify(NEW, "", "x"), StaleEdit),
        (delete(NEW, ""), StaleEdit),
        (rename(NEW, Path("/r/x"), ""), StaleEdit),
        (replaced(A, "old", Link("x")), StaleEdit),
        (replaced(A, None, Link("x")), StaleEdit),
        (replaced(NEW, "", None), StaleEdit),
    ],
)
def test_a_change_of_something_else_than_what_is_there_is_refused(
    change: FileChange, error: type[Exception]
) -> None:
    with pytest.raises(error):
        states_after(changes(change), FILES.read)


@pytest.mark.parametrize(
    "second",
    [
        modify(A, "a\n", "x"),
        delete(A, "a\n"),
        create(A, ""),
        rename(B, A, "b\n"),
        replaced(A, "a\n", None),
    ],
)
def test_two_changes_of_one_path_are_refused(second: FileChange) -> None:
    with pytest.raises(InvalidEdit, match="one change a path"):
        states_after(changes(modify(A, "a\n", "A"), second), FILES.read)


@pytest.mark.parametrize("content", ["a\0", "\ud800"])
def test_text_that_no_file_can_hold_is_refused(content: str) -> None:
    made = (create(NEW, content), modify(A, "a\n", content), replaced(A, "a\n", content))
    for change in made:
        with pytest.raises(InvalidEdit, match="leave it out"):
            states_after(changes(change), FILES.read)


def test_what_is_no_text_takes_no_text_edit() -> None:
    there = files(a=Binary(b"\0"))
    change = ModifyFile(path=A, base=digest_of_content(Binary(b"\0")), edits=())
    with pytest.raises(NotText, match="'a' is not a text file"):
        states_after(changes(change), there.read)


def test_a_rename_touches_both_names() -> None:
    assert paths_of(rename(A, NEW, "a\n")) == (A, NEW)
    assert paths_of(create(A, "")) == (A,)


contents = (
    any_text
    | st.builds(Binary, st.binary(max_size=2))
    | st.builds(Link, st.sampled_from("xy"))
    | st.just(Folder())
)
modes = st.sampled_from([0o644, 0o755])


@st.composite
def states(draw: st.DrawFn) -> State:
    content = draw(contents)
    mode = None if isinstance(content, Link) else draw(modes)
    has_bom = isinstance(content, str) and draw(st.booleans())
    return State(content=content, mode=mode, has_bom=has_bom)


trees = st.dictionaries(st.sampled_from([A, B, C]), states())


@given(trees, trees)
@many
def test_the_change_between_two_states_leads_from_one_to_the_other_and_back(
    before: dict[Path, State], after: dict[Path, State]
) -> None:
    wanted = {path: after.get(path) for path in (A, B, C)}
    change = change_between("change", before, wanted)
    made = states_after(change, Files(before).read)
    assert {**before, **made} == {**before, **{p: s for p, s in wanted.items() if p in made}}
    assert all(before.get(path) == wanted[path] for path in wanted if path not in made)
    undone = states_after(invert(change, Files(before).read), Files(after).read)
    assert undone == {path: before.get(path) for path in made}


def test_the_inverse_of_a_rename_moves_the_file_back() -> None:
    change = changes(rename(A, NEW, "a\n"), create(Path("/r/x"), "x"))
    undo = invert(change, FILES.read)
    assert undo.label == "Undo: change"
    after = Files({NEW: text("a\n"), Path("/r/x"): State(content="x")})
    undone = states_after(undo, after.read)
    assert undone == {A: text("a\n"), NEW: None, Path("/r/x"): None}


def test_a_folder_is_made_before_what_is_in_it_and_removed_after_it() -> None:
    folder, inner = State(content=Folder()), State(content="x")
    there = {Path("/r/d"): folder, Path("/r/d/e"): folder, Path("/r/d/e/f"): inner}
    made = change_between("make", {}, there)
    assert [path.name for path in made.paths] == ["d", "e", "f"]
    gone = change_between("remove", there, dict.fromkeys(there))
    assert [path.name for path in gone.paths] == ["f", "e", "d"]


def test_what_is_removed_goes_before_what_takes_its_place() -> None:
    folder, inner = State(content=Folder()), State(content="x")
    before = {Path("/r/d"): folder, Path("/r/d/f"): inner}
    change = change_between("replace", before, {Path("/r/d"): inner, Path("/r/d/f"): None})
    assert [path.name for path in change.paths] == ["f", "d"]


def test_no_difference_is_no_change() -> None:
    assert change_between("x", {A: text("a")}, {A: text("a"), B: None}).files == ()
    # A mode that nobody wished for is none.
    assert change_between("x", {A: text("a")}, {A: State(content="a")}).files == ()


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


def test_a_mark_is_in_the_diff_since_it_is_in_the_file() -> None:
    marked = State(content="a\n", has_bom=True)
    assert diff_between({A: marked}, {A: State(content="b\n", has_bom=True)}, Path("/r")) == (
        "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-\ufeffa\n+\ufeffb\n"
    )


def test_a_folder_is_in_no_diff() -> None:
    assert diff_between({A: None}, {A: State(content=Folder())}, Path("/r")) == ""
    assert diff_between({A: None}, {A: State(content=Link("x"))}, Path("/r")).startswith(
        "diff --git a/a b/a\nnew file mode 120000\n"
    )
