"""Disks that are full, read-only or closed, files that are huge: the old content stays."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mcp_tools.types.contents import Link, State
from mcp_tools.types.edits import FileChange
from mcp_tools.types.errors import Conflict, Denied, TooLarge
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.disk.source import DiskSource
from tests.mcp_tools.workspace.changing import create, delete, modify, put, rename, write_now
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.mounting import run_on_disk
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges
from tests.mcp_tools.workspace.trees import modes, tree
from tests.support.desk import Desk

HUGE = 200 * 1024 * 1024

PRELUDE = """
from mcp_tools.types.contents import Binary, State
from mcp_tools.types.errors import Denied
from tests.mcp_tools.workspace.changing import create, delete, modify, put, rename, write_now
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.trees import modes, tree

(root / "a.txt").write_text("a", encoding="utf-8")
(root / "b.txt").write_text("b", encoding="utf-8")
(root / "c.txt").write_text("c", encoding="utf-8")
before = tree(root), modes(root)
"""


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    program = """
bytes_of_c = State(content=Binary(bytes(200_000)))
try:
    write_now(
        root,
        modify(root / "a.txt", "a", "A"),
        delete(root / "b.txt", "b"),
        create(root / "new" / "n.txt", "n"),
        put(root / "c.txt", "c", bytes_of_c),
    )
except Denied as error:
    print(error)
assert (tree(root), modes(root)) == before
"""
    said = run_on_disk(PRELUDE + program, tmp_path, "size=100k")
    assert said == "nothing was changed: 'c.txt' cannot be written: No space left on device\n"


def test_a_disk_that_becomes_read_only_half_way_changes_nothing(tmp_path: Path) -> None:
    program = """
source = Meddled(
    root, root / "b.txt", n_looks=2, before=lambda: remount(root, is_read_only=True)
)
try:
    write_now(source, modify(root / "a.txt", "a", "A"), delete(root / "b.txt", "b"))
except Denied as error:
    print(error)
remount(root, is_read_only=False)
assert tree(root)["a.txt"] == b"a" and tree(root)["b.txt"] == b"b"
"""
    said = run_on_disk(PRELUDE + program, tmp_path, "size=100k")
    assert said == "nothing was changed: 'b.txt' cannot be written: Read-only file system\n"


def test_a_disk_without_case_keeps_the_file_whose_name_changes_its_case(tmp_path: Path) -> None:
    program = """
folder = root / "folded"
folder.mkdir()
import array, fcntl, os
fd = os.open(folder, os.O_RDONLY)
flags = array.array("l", [0])
fcntl.ioctl(fd, 0x80086601, flags)  # FS_IOC_GETFLAGS
flags[0] |= 0x40000000  # FS_CASEFOLD_FL
fcntl.ioctl(fd, 0x40086602, flags)  # FS_IOC_SETFLAGS
os.close(fd)
path = folder / "readme.md"
path.write_text("r", encoding="utf-8")
write_now(root, rename(path, folder / "README.md", "r"))
print(os.listdir(folder), (folder / "readme.md").read_text(encoding="utf-8"))
write_now(root, delete(folder / "README.md", "r"), create(folder / "Readme.md", "R"))
print(os.listdir(folder), (folder / "readme.md").read_text(encoding="utf-8"))
"""
    said = run_on_disk(PRELUDE + program, tmp_path, "casefold")
    assert said == "['README.md'] r\n['Readme.md'] R\n"


def test_a_folder_that_is_closed_half_way_is_said_so_and_the_rest_is_put_back() -> None:
    with open_folder() as root:
        path, closed = root / "open" / "a.txt", root / "z" / "closed" / "b.txt"
        for file in (path, closed):
            file.parent.mkdir(parents=True)
            file.write_bytes(b"old")
        for opened in (root, path.parent, closed.parent, path, closed):
            opened.chmod(0o777)
        source = Meddled(root, closed, n_looks=2, before=lambda: closed.parent.chmod(0o555))
        error = r"nothing was changed: 'z/closed/b\.txt' .*: Permission denied"
        with (
            _owned_by_nobody(root),
            without_privileges(),
            pytest.raises(Denied, match=error),
        ):
            write_now(source, modify(path, "old", "new"), modify(closed, "old", "new"))
        assert (path.read_bytes(), closed.read_bytes()) == (b"old", b"old")
        closed.parent.chmod(0o777)


def test_a_file_that_cannot_be_put_back_is_named_with_where_it_is() -> None:
    with open_folder() as root:
        path, last = root / "closed" / "a.txt", root / "z" / "z" / "b.txt"
        for file in (path, last):
            file.parent.mkdir(parents=True)
            file.write_bytes(b"old")
        for opened in (root, path.parent, last.parent, path, last):
            opened.chmod(0o777)

        def close() -> None:
            path.parent.chmod(0o555)
            last.write_bytes(b"theirs")

        source = Meddled(root, last, n_looks=2, before=close)
        with _owned_by_nobody(root), without_privileges(), pytest.raises(Conflict) as caught:
            write_now(source, modify(path, "old", "new"), modify(last, "old", "new"))
        (kept,) = path.parent.glob(".lsp-agent-*")
        assert f"'a.txt' (what was there is in {kept.name!r})" in str(caught.value)
        assert (path.read_bytes(), kept.read_bytes()) == (b"new", b"old")
        assert last.read_bytes() == b"theirs"
        path.parent.chmod(0o777)


@pytest.mark.parametrize("mode", [0o444, 0o555, 0o400])
def test_a_file_that_nobody_may_write_is_left_alone(desk: Desk, mode: int) -> None:
    path, other = desk.write("sub/a.txt", "a"), desk.write("b.txt", "b")
    path.chmod(mode)
    before = tree(desk.root), modes(desk.root)
    with pytest.raises(Denied, match=r"nothing was changed: 'sub/a\.txt' is read-only"):
        write_now(desk.root, modify(other, "b", "B"), modify(path, "a", "A"))
    assert (tree(desk.root), modes(desk.root)) == before


def test_a_file_that_others_may_write_and_we_may_not_is_left_alone() -> None:
    with open_folder() as root:
        root.chmod(0o777)
        path = root / "a.txt"
        path.write_bytes(b"a")
        path.chmod(0o644)
        if os.geteuid() != 0:
            pytest.skip("only root can make a file that belongs to somebody else")
        with without_privileges(), pytest.raises(Denied, match=r"'a\.txt' is read-only"):
            write_now(root, modify(path, "a", "b"))
        assert path.read_bytes() == b"a"


def test_a_read_only_file_can_go_move_and_become_writable(desk: Desk) -> None:
    paths = [desk.write(name, name) for name in ("a", "b", "c")]
    for path in paths:
        path.chmod(0o444)
    write_now(
        desk.root,
        delete(paths[0], "a"),
        rename(paths[1], desk.root / "moved", "b"),
        modify(paths[2], "c", "C", mode=0o644),
    )
    assert tree(desk.root) == {"c": b"C", "moved": b"b"}
    assert modes(desk.root) == {"c": 0o644, "moved": 0o444}


def _delete_huge(path: Path) -> FileChange:
    return delete(path, "")


def _modify_huge(path: Path) -> FileChange:
    return modify(path, "", "x")


def _rename_huge(path: Path) -> FileChange:
    return rename(path, path.with_name("moved"), "")


def _replace_huge(path: Path) -> FileChange:
    return put(path, "", State(content=Link("elsewhere")))


@pytest.mark.parametrize("change", [_delete_huge, _modify_huge, _rename_huge, _replace_huge])
def test_a_file_of_200_megabytes_is_too_large_and_stays(
    desk: Desk, change: Callable[[Path], FileChange]
) -> None:
    path, other = desk.write("huge.bin", ""), desk.write("a.txt", "a")
    os.truncate(path, HUGE)
    with pytest.raises(TooLarge, match=rf"'huge\.bin' has {HUGE} bytes, the limit for an undo is"):
        write_now(desk.root, modify(other, "a", "A"), change(path))
    assert (path.stat().st_size, other.read_bytes()) == (HUGE, b"a")


def test_beside_a_file_of_200_megabytes_all_is_as_ever(desk: Desk) -> None:
    path, huge = desk.write("a.txt", "a"), desk.write("huge.bin", "")
    os.truncate(huge, HUGE)
    write_now(DiskSource(desk.root), modify(path, "a", "A"), create(desk.root / "b.txt", "b"))
    assert digest_of(path.read_text(encoding="utf-8")) == digest_of("A")


class _Owned:
    """Folders and files that belong, for a while, to the person who owns nothing else."""

    def __init__(self, root: Path) -> None:
        self._paths = [root, *root.rglob("*")]

    def __enter__(self) -> None:
        self._give(65534)

    def __exit__(self, *_: object) -> None:
        self._give(0)

    def _give(self, user: int) -> None:
        if os.geteuid() == 0:
            for path in self._paths:
                if path.exists():
                    os.chown(path, user, -1)


def _owned_by_nobody(root: Path) -> _Owned:
    return _Owned(root)
