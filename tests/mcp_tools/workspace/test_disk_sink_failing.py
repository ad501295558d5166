"""A change that fails at its last file leaves the disk as it was.

Each test fails behind a changed, a made and a deleted file.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_tools.types.edits import FileChange
from mcp_tools.types.errors import (
    Conflict,
    Denied,
    ExpectedError,
    InvalidEdit,
    NotFound,
    NotText,
    OutsideWorkspace,
    StaleEdit,
    TooLarge,
)
from mcp_tools.workspace.disk import DiskSource
from mcp_tools.workspace.disk_sink import DiskSink
from mcp_tools.workspace.encoding import MAX_FILE_BYTES
from tests.mcp_tools.workspace.changing import changes, create, delete, modify
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges
from tests.mcp_tools.workspace.trees import modes, tree
from tests.support.desk import Desk


@pytest.fixture
def start(desk: Desk) -> dict[str, bytes | None]:
    desk.write("a.txt", "a\n").chmod(0o705)
    desk.write("b.txt", "b\n").chmod(0o706)
    desk.write("target.txt", "t\n")
    desk.write("binary", b"\0")
    return tree(desk.root)


@pytest.fixture
def target(desk: Desk) -> Path:
    return desk.root / "target.txt"


def attempt(root: Path, last: FileChange, source: DiskSource | None = None) -> ExpectedError:
    """Make a change that is expected to fail, and give its failure."""
    before = modes(root)
    first = (
        modify(root / "a.txt", "a\n", "A\n"),
        create(root / "new" / "deep" / "n.txt", "n\n"),
        delete(root / "b.txt", "b\n"),
    )
    with pytest.raises(ExpectedError) as caught:
        DiskSink(source or DiskSource(root)).apply_now(changes(*first, last))
    after = modes(root)
    assert all(after.get(name, before[name]) == before[name] for name in ("a.txt", "b.txt"))
    return caught.value


BAD_CHANGES: list[tuple[Callable[[Path], FileChange], type[ExpectedError]]] = [
    (lambda root: modify(root / "target.txt", "other", "x"), StaleEdit),
    (lambda root: delete(root / "target.txt", "other"), StaleEdit),
    (lambda root: create(root / "target.txt", "x"), StaleEdit),
    (lambda root: modify(root / "a.txt", "a\n", "x"), InvalidEdit),
    (lambda root: modify(root / "missing", "x", "y"), NotFound),
    (lambda root: delete(root / "binary", "\0"), NotText),
    (lambda root: create(root / "binary", "x"), NotText),
    (lambda root: create(root, "x"), NotText),
    (lambda root: create(root / "target.txt" / "x", "x"), OutsideWorkspace),
    (lambda root: create(root / ".." / "x", "x"), OutsideWorkspace),
    (lambda root: create(root / ("x" * 300), "x"), OutsideWorkspace),
    (lambda root: create(root / "folder" / ("x" * 300) / "x", "x"), Denied),
    (lambda root: create(root / "x", "\ud800"), InvalidEdit),
    (lambda root: modify(root / "target.txt", "t\n", "t\0"), InvalidEdit),
    (lambda root: create(root / "x", "x" * (MAX_FILE_BYTES + 1)), TooLarge),
]


@pytest.mark.parametrize(("last", "error"), BAD_CHANGES)
def test_a_change_that_cannot_be_made_changes_nothing(
    desk: Desk,
    start: dict[str, bytes | None],
    last: Callable[[Path], FileChange],
    error: type[ExpectedError],
) -> None:
    assert type(attempt(desk.root, last(desk.root))) is error
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
            DiskSink(DiskSource(root)).apply_now(change)
        path.parent.chmod(0o755)
        assert tree(root) == before


def test_a_file_changed_meanwhile_keeps_the_newer_text(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    for n_reads in (1, 2):
        desk.write("target.txt", "t\n")
        source = Meddled(
            desk.root, target, n_reads=n_reads, before=lambda: target.write_bytes(b"newer")
        )
        error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
        assert isinstance(error, StaleEdit)
        assert tree(desk.root) == start | {"target.txt": b"newer"}


def test_a_file_changed_right_after_the_plan_keeps_the_newer_text(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    source = Meddled(desk.root, target, n_reads=1, after=lambda: target.write_bytes(b"newer"))
    error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
    assert isinstance(error, StaleEdit)
    assert tree(desk.root) == start | {"target.txt": b"newer"}


def test_a_file_deleted_meanwhile_is_not_made_again(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    source = Meddled(desk.root, target, n_reads=2, before=target.unlink)
    assert isinstance(attempt(desk.root, modify(target, "t\n", "T\n"), source), StaleEdit)
    del start["target.txt"]
    assert tree(desk.root) == start


def test_a_file_that_became_a_folder_is_left_alone(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    def become_folder() -> None:
        target.unlink()
        target.mkdir()

    source = Meddled(desk.root, target, n_reads=2, before=become_folder)
    assert isinstance(attempt(desk.root, modify(target, "t\n", "T\n"), source), StaleEdit)
    target.rmdir()
    desk.write("target.txt", "t\n")
    source = Meddled(desk.root, target, n_reads=2, after=become_folder)
    error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
    assert isinstance(error, Denied)
    assert "nothing was changed" in str(error)
    del start["target.txt"]
    assert tree(desk.root) == start | {"target.txt/": None}


def test_a_file_made_by_another_program_meanwhile_is_its_own(
    desk: Desk, start: dict[str, bytes | None]
) -> None:
    path = desk.root / "mine.txt"
    source = Meddled(desk.root, path, n_reads=2, after=lambda: path.write_bytes(b"theirs"))
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

    source = Meddled(desk.root, target, n_reads=2, before=write_over_ours)
    with pytest.raises(StaleEdit):
        DiskSink(source).apply_now(
            changes(
                modify(desk.root / "a.txt", "a\n", "A\n"),
                create(desk.root / "new" / "deep" / "n.txt", "n\n"),
                delete(desk.root / "b.txt", "b\n"),
                modify(target, "t\n", "T\n"),
            )
        )
    assert tree(desk.root) == {
        "a.txt": b"theirs",
        "b.txt": b"theirs",
        "binary": b"\0",
        "new/": None,
        "new/deep/": None,
        "new/deep/n.txt": b"\0",
    }


def test_a_folder_that_another_program_uses_by_now_stays(
    desk: Desk, start: dict[str, bytes | None], target: Path
) -> None:
    other = desk.root / "new" / "other.txt"

    def use_folder() -> None:
        other.write_bytes(b"theirs")
        target.unlink()

    source = Meddled(desk.root, target, n_reads=2, before=use_folder)
    attempt(desk.root, delete(target, "t\n"), source)
    del start["target.txt"]
    assert tree(desk.root) == start | {"new/": None, "new/other.txt": b"theirs"}


@pytest.mark.usefixtures("start")
def test_a_file_that_cannot_be_put_back_is_named(desk: Desk, target: Path) -> None:
    def sweep() -> None:
        for path in desk.root.glob(".*.tmp"):
            path.unlink()
        target.unlink()

    source = Meddled(desk.root, target, n_reads=2, before=sweep)
    error = attempt(desk.root, modify(target, "t\n", "T\n"), source)
    assert isinstance(error, Conflict)
    assert "'b.txt', 'a.txt' could not be put back" in str(error)
    assert isinstance(error.__cause__, StaleEdit)


def test_the_former_text_is_kept_when_it_cannot_be_put_back(desk: Desk) -> None:
    # The name is taken by another program between our look whether it is free and our use of it.
    deleted = desk.write("deleted.txt", "only copy")
    source = Meddled(desk.root, deleted, n_reads=3, after=lambda: deleted.write_bytes(b"theirs"))
    # One path as a file and as a folder is what makes this change fail half way.
    change = changes(
        delete(deleted, "only copy"), create(desk.root / "x", ""), create(desk.root / "x" / "y", "")
    )
    with pytest.raises(Conflict, match=r"'deleted\.txt' could not be put back"):
        DiskSink(source).apply_now(change)
    assert [path.read_bytes() for path in desk.root.glob(".*.tmp")] == [b"only copy"]
    assert not (desk.root / "x").exists()
