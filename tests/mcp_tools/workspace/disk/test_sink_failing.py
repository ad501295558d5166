"""A change that fails at its last file leaves the disk as it was.

Each test fails behind a changed, a made and a deleted file.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Folder, State
from mcp_tools.types.edits import FileChange
from mcp_tools.types.errors import (
    Conflict,
    Denied,
    ExpectedError,
    InvalidEdit,
    NotText,
    OutsideWorkspace,
    StaleEdit,
    TooLarge,
)
from mcp_tools.workspace.disk import placing
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import MAX_STATE_BYTES, DiskSource
from mcp_tools.workspace.encoding import MAX_FILE_BYTES
from tests.mcp_tools.workspace.changing import (
    ENTRY_ID,
    changes,
    create,
    delete,
    modify,
    put,
    rename,
)
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges
from tests.mcp_tools.workspace.trees import modes, tree
from tests.support.desk import Desk

TARGET = "z/z/target.txt"
"""The path that comes last in each change: what is deep comes late, as what is made in a folder."""


@pytest.fixture(autouse=True, params=["by one call", "by links"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by links":
        monkeypatch.setattr(placing, "HAS_RENAME_FLAGS", False)


@pytest.fixture
def start(desk: Desk) -> dict[str, bytes | None]:
    desk.write("a.txt", "a\n").chmod(0o705)
    desk.write("b.txt", "b\n").chmod(0o706)
    desk.write(TARGET, "t\n")
    desk.write("b", b"b")
    desk.write("binary", b"\0")
    desk.write("read-only", b"r\n").chmod(0o444)
    os.symlink("z", desk.root / "link")
    os.mkfifo(desk.root / "pipe")
    return tree(desk.root)


@pytest.fixture
def target(desk: Desk) -> Path:
    return desk.root / TARGET


def attempt(root: Path, last: FileChange, source: DiskSource | None = None) -> ExpectedError:
    """Make a change that is expected to fail, and give its failure."""
    before = modes(root)
    first = (
        modify(root / "a.txt", "a\n", "A\n"),
        create(root / "new" / "deep" / "n.txt", "n\n"),
        delete(root / "b.txt", "b\n"),
    )
    with pytest.raises(ExpectedError) as caught:
        DiskSink(source or DiskSource(root)).apply_now(changes(*first, last), ENTRY_ID)
    after = modes(root)
    assert all(after.get(name, before[name]) == before[name] for name in ("a.txt", "b.txt"))
    return caught.value


BAD_CHANGES: dict[str, tuple[Callable[[Path], FileChange], type[ExpectedError]]] = {
    "modify other text": (lambda root: modify(root / TARGET, "other", "x"), StaleEdit),
    "delete other text": (lambda root: delete(root / TARGET, "other"), StaleEdit),
    "create what is there": (lambda root: create(root / TARGET, "x"), StaleEdit),
    "two for one path": (lambda root: modify(root / "a.txt", "a\n", "x"), InvalidEdit),
    "modify what is not there": (lambda root: modify(root / "missing", "x", "y"), StaleEdit),
    "delete bytes as text": (lambda root: delete(root / "binary", "\0"), StaleEdit),
    "create over bytes": (lambda root: create(root / "binary", "x"), StaleEdit),
    "create over a pipe": (lambda root: create(root / "pipe", "x"), NotText),
    "create over the root": (lambda root: create(root, "x"), StaleEdit),
    "remove the root": (lambda root: put(root, Folder(), None), OutsideWorkspace),
    "create below a file": (lambda root: create(root / TARGET / "x", "x"), InvalidEdit),
    "create below a link": (lambda root: create(root / "link" / "x", "x"), OutsideWorkspace),
    "create outside": (lambda root: create(root / ".." / "x", "x"), OutsideWorkspace),
    "a long name": (lambda root: create(root / ("x" * 300), "x"), NotText),
    "a long folder": (lambda root: create(root / "d" / ("x" * 300) / "x", "x"), NotText),
    "half a character": (lambda root: create(root / "x", "\ud800"), InvalidEdit),
    "a NUL": (lambda root: modify(root / TARGET, "t\n", "t\0"), InvalidEdit),
    "much text": (lambda root: create(root / "x", "x" * (MAX_FILE_BYTES + 1)), TooLarge),
    "many bytes": (
        lambda root: put(root / "x", None, State(content=Binary(bytes(MAX_STATE_BYTES + 1)))),
        TooLarge,
    ),
    "rename a folder": (lambda root: rename(root / "z", root / "y", Folder()), InvalidEdit),
    "rename onto a file": (lambda root: rename(root / TARGET, root / "b", "t\n"), StaleEdit),
    "remove a full folder": (lambda root: put(root / "z", Folder(), None), Denied),
    "read-only": (lambda root: modify(root / "read-only", "r\n", "R\n"), Denied),
}


@pytest.mark.parametrize(("last", "error"), BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_a_change_that_cannot_be_made_changes_nothing(
    desk: Desk,
    start: dict[str, bytes | None],
    last: Callable[[Path], FileChange],
    error: type[ExpectedError],
) -> None:
    found = attempt(desk.root, last(desk.root))
    assert type(found) is error
    assert error is not Denied or str(found).startswith("nothing was changed: ")
    assert tree(desk.root) == start
    assert not (desk.root.parent / "x").exists()


def test_a_folder_that_may_not_be_written_changes_nothing() -> None:
    with open_folder() as root:
        (root / "open").mkdir()
        (root / "open").chmod(0o777)
        path = root / "closed" / "a.txt"
        path.parent.mkdir()
        path.write_text("a", encoding="utf-8")
        before = tree(root)
        change = changes(create(root / "open" / "new.txt", ""), modify(path, "a", "b"))
        path.parent.chmod(0o555)
        with without_privileges(), pytest.raises(Denied, match="nothing was changed"):
            DiskSink(DiskSource(root)).apply_now(change, ENTRY_ID)
        path.parent.chmod(0o755)
        assert tree(root) == before


def test_a_file_changed_meanwhile_keeps_the_newer_text(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    for n_looks in (1, 2):
        desk.write(TARGET, "t\n")
        source = Meddled(
            desk.root, target, n_looks=n_looks, before=lambda: target.write_bytes(b"newer")
        )
        error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
        assert isinstance(error, StaleEdit)
        assert tree(desk.root) == start | {TARGET: b"newer"}


def test_a_file_changed_right_after_the_plan_keeps_the_newer_text(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    source = Meddled(desk.root, target, n_looks=1, after=lambda: target.write_bytes(b"newer"))
    error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
    assert isinstance(error, StaleEdit)
    assert tree(desk.root) == start | {TARGET: b"newer"}


def test_a_file_deleted_meanwhile_is_not_made_again(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    source = Meddled(desk.root, target, n_looks=2, before=target.unlink)
    assert isinstance(attempt(desk.root, modify(target, "t\n", "T\n"), source), StaleEdit)
    del start[TARGET]
    assert tree(desk.root) == start


def test_a_file_that_became_a_folder_is_left_alone(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    def become_folder() -> None:
        target.unlink()
        target.mkdir()

    source = Meddled(desk.root, target, n_looks=2, before=become_folder)
    assert isinstance(attempt(desk.root, modify(target, "t\n", "T\n"), source), StaleEdit)
    target.rmdir()
    desk.write(TARGET, "t\n")
    source = Meddled(desk.root, target, n_looks=2, after=become_folder)
    error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
    assert isinstance(error, StaleEdit | Denied)
    assert "nothing was" in str(error)
    del start[TARGET]
    assert tree(desk.root) == start | {f"{TARGET}/": None}


def test_a_file_made_by_another_program_meanwhile_is_its_own(
    desk: Desk, start: dict[str, bytes | None]
) -> None:
    path = desk.root / "mine.txt"
    source = Meddled(desk.root, path, n_looks=2, after=lambda: path.write_bytes(b"theirs"))
    error = attempt(desk.root, create(path, "ours"), source)
    assert isinstance(error, StaleEdit)
    assert "'mine.txt' was created just now by another program" in str(error)
    assert tree(desk.root) == start | {"mine.txt": b"theirs"}


def test_what_another_program_wrote_over_our_text_stays(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    def write_over_ours() -> None:
        (desk.root / "a.txt").write_bytes(b"theirs")
        (desk.root / "new" / "deep" / "n.txt").write_bytes(b"\0")
        (desk.root / "b.txt").write_bytes(b"theirs")
        target.unlink()

    source = Meddled(desk.root, target, n_looks=2, before=write_over_ours)
    with pytest.raises(StaleEdit):
        DiskSink(source).apply_now(
            changes(
                modify(desk.root / "a.txt", "a\n", "A\n"),
                create(desk.root / "new" / "deep" / "n.txt", "n\n"),
                delete(desk.root / "b.txt", "b\n"),
                modify(target, "t\n", "T\n"),
            ),
            ENTRY_ID,
        )
    assert tree(desk.root) == {
        "a.txt": b"theirs",
        "b": b"b",
        "b.txt": b"theirs",
        "binary": b"\0",
        "link": b"-> z",
        "new/": None,
        "new/deep/": None,
        "new/deep/n.txt": b"\0",
        "pipe": b"?",
        "read-only": b"r\n",
        "z/": None,
        "z/z/": None,
    }


def test_a_folder_that_another_program_uses_by_now_stays(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    other = desk.root / "new" / "other.txt"

    def use_folder() -> None:
        other.write_bytes(b"theirs")
        target.unlink()

    source = Meddled(desk.root, target, n_looks=2, before=use_folder)
    attempt(desk.root, modify(target, "t\n", "T\n"), source)
    del start[TARGET]
    assert tree(desk.root) == start | {"new/": None, "new/other.txt": b"theirs"}


@pytest.mark.usefixtures("start")
def test_a_file_that_cannot_be_put_back_is_named(desk: Desk, target: Path) -> None:
    def sweep() -> None:
        for path in desk.root.glob(".*.tmp"):
            path.unlink()
        target.unlink()

    source = Meddled(desk.root, target, n_looks=2, before=sweep)
    error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
    assert isinstance(error, Conflict)
    assert re.search(r"could not be put back: 'a\.txt' \(.*\), 'b\.txt' \(", str(error))
    assert isinstance(error.__cause__, StaleEdit)


def test_the_former_text_is_kept_when_it_cannot_be_put_back(desk: Desk) -> None:
    # The name is taken by another program between our look whether it is free and our use of it.
    deleted = desk.write("deleted.txt", "only copy")
    source = Meddled(desk.root, deleted, n_looks=3, after=lambda: deleted.write_bytes(b"theirs"))
    # A folder that is not empty is what makes this change fail half way.
    desk.write("full/x", "")
    change = changes(delete(deleted, "only copy"), put(desk.root / "full", Folder(), None))
    with pytest.raises(Conflict, match=r"put back: 'deleted\.txt' \(what was there is in '\.lsp"):
        DiskSink(source).apply_now(change, ENTRY_ID)
    assert [path.read_bytes() for path in desk.root.glob(".*.tmp")] == [b"only copy"]
    assert deleted.read_bytes() == b"theirs"
