"""Steps that are taken back, and what other programs do meanwhile."""

import errno
import logging
import os
import stat
from pathlib import Path

import pytest

from mcp_tools.types.contents import Folder, Link, State
from mcp_tools.types.errors import Conflict, Denied, StaleEdit
from mcp_tools.workspace.disk import placing
from mcp_tools.workspace.disk.plan import temporary_name
from tests.mcp_tools.workspace.changing import (
    ENTRY_ID,
    create,
    delete,
    modify,
    put,
    rename,
    write_now,
)
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.trees import modes, tree
from tests.support.desk import Desk

LAST = "z/z/z/z.txt"
"""The path whose step comes last, since it lies deepest."""


@pytest.fixture(autouse=True, params=["by one call", "by links"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by links":
        monkeypatch.setattr(placing, "HAS_RENAME_FLAGS", False)


def folder(mode: int) -> State:
    """Give the state of a folder."""
    return State(content=Folder(), mode=mode)


def test_every_kind_of_step_is_taken_back(desk: Desk) -> None:
    root = desk.root
    for name in ("text", "gone", "run.sh", "folder/inner", "kind", LAST):
        desk.write(name, name).chmod(0o640)
    for name in ("opens", "closes", "empty"):
        (root / name).mkdir(mode=0o750)
    os.symlink("text", root / "link")
    os.symlink("text", root / "stays")
    before = tree(root), modes(root), {p: p.lstat().st_ino for p in root.rglob("*")}
    change = (
        modify(root / "text", "text", "new"),
        delete(root / "gone", "gone"),
        put(root / "run.sh", "run.sh", State(content="run.sh", mode=0o755)),
        put(root / "opens", Folder(), folder(0o770)),
        put(root / "closes", Folder(), folder(0o550)),
        put(root / "empty", Folder(), None),
        put(root / "kind", "kind", folder(0o700)),
        put(root / "link", Link("text"), None),
        put(root / "stays", Link("text"), State(content=Link("elsewhere"))),
        put(root / "made", None, State(content=Link("elsewhere"))),
        create(root / "new" / "a", "a"),
        rename(root / "folder" / "inner", root / "outer", "folder/inner"),
        modify(root / LAST, LAST, "x"),
    )
    # At the third look all is made, and what is looked at is whether it stayed so.
    source = Meddled(root, root / LAST, n_looks=3, before=lambda: desk.write(LAST, LAST))
    with pytest.raises(Conflict):
        write_now(source, *change)
    found = {p: p.lstat().st_ino for p in root.rglob("*")}
    assert (tree(root), modes(root)) == before[:2]
    # A folder that was removed is another one afterwards, and the last file is of the other
    # program; all else is the very same.
    assert {p for p in found if found[p] != before[2][p]} <= {root / "empty", root / LAST}


def test_what_is_written_over_ours_while_we_take_it_back_stays(desk: Desk) -> None:
    path, last = desk.write("a.txt", "old"), desk.write(LAST, "z")

    class Twice(Meddled):
        def state(self, path: Path) -> State | None:
            if path == last and last.read_bytes() == b"z" and path_is_new():
                last.write_bytes(b"stale")
            return super().state(path)

    def path_is_new() -> bool:
        return path.read_bytes() == b"new"

    source = Twice(desk.root, path, n_looks=3, after=lambda: path.write_bytes(b"theirs"))
    with pytest.raises(StaleEdit):
        write_now(source, modify(path, "old", "new"), modify(last, "z", "Z"))
    assert (path.read_bytes(), last.read_bytes()) == (b"theirs", b"stale")
    assert len([name for name in tree(desk.root) if not name.endswith("/")]) == 2


def test_what_is_written_into_a_new_file_while_we_take_it_back_stays(desk: Desk) -> None:
    path, last = desk.root / "a.txt", desk.write(LAST, "z")

    class Twice(Meddled):
        def state(self, path: Path) -> State | None:
            if path == last and (desk.root / "a.txt").exists():
                last.write_bytes(b"stale")
            return super().state(path)

    source = Twice(desk.root, path, n_looks=3, after=lambda: path.write_bytes(b"theirs"))
    with pytest.raises(StaleEdit):
        write_now(source, create(path, "new"), modify(last, "z", "Z"))
    assert tree(desk.root)["a.txt"] == b"theirs"


@pytest.mark.parametrize("is_deleted", [False, True])
def test_what_is_written_into_the_displaced_file_at_the_end_is_kept(
    desk: Desk, caplog: pytest.LogCaptureFixture, *, is_deleted: bool
) -> None:
    path = desk.write("a.txt", "old")
    beside = desk.root / temporary_name(ENTRY_ID, Path("a.txt"))
    source = Meddled(desk.root, beside, n_looks=1, after=lambda: beside.write_bytes(b"theirs"))
    with caplog.at_level(logging.WARNING):
        write_now(source, delete(path, "old") if is_deleted else modify(path, "old", "new"))
    assert tree(desk.root) == {beside.name: b"theirs"} | ({} if is_deleted else {"a.txt": b"new"})
    assert f"'a.txt' (what was there is in {beside.name!r})" in caplog.text


def test_a_disk_that_fails_to_keep_the_names_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A failing disk is the one thing that is not real here.
    def fsync(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    a, b = desk.write("a.txt", "a"), desk.write("sub/b.txt", "b")
    before = tree(desk.root)
    with pytest.raises(Denied, match=r"nothing was changed: 'sub' cannot .*: Input/output error"):
        write_now(desk.root, modify(a, "a", "A"), delete(b, "b"), create(desk.root / "n", ""))
    assert tree(desk.root) == before


def test_a_removed_folder_that_was_made_again_is_left(desk: Desk) -> None:
    (desk.root / "empty").mkdir()
    last = desk.write(LAST, "z")

    def make_again() -> None:
        (desk.root / "empty" / "theirs").mkdir(parents=True)
        last.write_bytes(b"stale")

    source = Meddled(desk.root, last, n_looks=2, before=make_again)
    with pytest.raises(StaleEdit):
        write_now(source, put(desk.root / "empty", Folder(), None), modify(last, "z", "Z"))
    assert "empty/theirs/" in tree(desk.root)


def test_a_name_that_is_taken_right_before_a_rename_is_stale(desk: Desk) -> None:
    path, new_path = desk.write("a", "a"), desk.root / "b"
    source = Meddled(desk.root, new_path, n_looks=2, before=lambda: new_path.write_bytes(b"b"))
    with pytest.raises(StaleEdit, match="'b' changed on disk"):
        write_now(source, rename(path, new_path, "a"))
    source = Meddled(desk.root, path, n_looks=2, before=lambda: path.write_bytes(b"newer"))
    new_path.unlink()
    with pytest.raises(StaleEdit, match="'a' changed on disk"):
        write_now(source, rename(path, new_path, "a"))
    assert tree(desk.root) == {"a": b"newer"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_and_the_group_are_kept(desk: Desk) -> None:
    path = desk.write("a.txt", "a")
    os.chown(path, 65534, 65533)
    path.chmod(0o4755)
    write_now(desk.root, modify(path, "a", "b"))
    status = path.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (65534, 65533, 0o4755)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Linux has extended attributes in os")
def test_what_a_folder_gives_its_new_files_is_not_given_to_old_ones(desk: Desk) -> None:
    path = desk.write("sub/a.txt", "a")
    # An access list that new files get: everything for the owner, reading for one more user.
    entry = "0200000001000700ffffffff02000400feff000004000500ffffffff"
    entry += "10000500ffffffff20000500ffffffff"
    try:
        os.setxattr(path.parent, "system.posix_acl_default", bytes.fromhex(entry))
    except OSError as error:
        pytest.skip(f"this file system has no access lists: {error}")
    write_now(desk.root, modify(path, "a", "b"), create(path.with_name("new"), ""))
    assert "system.posix_acl_access" not in os.listxattr(path)
    assert "system.posix_acl_access" in os.listxattr(path.with_name("new"))
