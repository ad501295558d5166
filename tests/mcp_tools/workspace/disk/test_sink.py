"""Writing changes to disk: all of them, exactly, or none."""

import errno
import os
import subprocess
import sys

import pytest

from mcp_tools.types.edits import RenameFile
from mcp_tools.types.errors import (
    Conflict,
    OutsideWorkspace,
    StaleEdit,
)
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.changes import invert
from mcp_tools.workspace.disk import beneath, placing
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from tests.mcp_tools.workspace.changing import ENTRY_ID, changes, create, delete, modify
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.trees import modes, tree
from tests.support.desk import Desk


@pytest.fixture(autouse=True, params=["by one call", "by links"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by links":
        monkeypatch.setattr(placing, "HAS_RENAME_FLAGS", False)


@pytest.fixture
def source(desk: Desk) -> DiskSource:
    return DiskSource(desk.root)


@pytest.fixture
def sink(source: DiskSource) -> DiskSink:
    return DiskSink(source)


@pytest.mark.asyncio
async def test_files_are_changed_made_and_removed_together(desk: Desk, sink: DiskSink) -> None:
    a, b = desk.write("a.txt", "1\n2\n"), desk.write("sub/b.txt", "b")
    new = desk.root / "x" / "y" / "new.txt"
    change = changes(modify(a, "1\n2\n", "1\ntwo\n"), delete(b, "b"), create(new, "new"))
    await sink.apply(change, ENTRY_ID)
    assert tree(desk.root) == {
        "a.txt": b"1\ntwo\n",
        "sub/": None,
        "x/": None,
        "x/y/": None,
        "x/y/new.txt": b"new",
    }


def test_the_inverse_of_a_change_brings_back_every_byte(
    desk: Desk, sink: DiskSink, source: DiskSource
) -> None:
    a, b = desk.write("a.txt", b"\xef\xbb\xbf1\r\n2"), desk.write("b.txt", "b")
    c = desk.write("c.txt", "")
    before = tree(desk.root)
    change = changes(
        modify(a, "1\r\n2", "1\r\nzwei\n"),
        delete(c, ""),
        RenameFile(path=b, new_path=desk.root / "moved.txt", base=digest_of("b")),
        create(desk.root / "new.txt", "new"),
    )
    undo = invert(change, source.state)
    sink.apply_now(change, ENTRY_ID)
    assert tree(desk.root) == {
        "a.txt": b"\xef\xbb\xbf1\r\nzwei\n",
        "moved.txt": b"b",
        "new.txt": b"new",
    }
    sink.apply_now(undo, ENTRY_ID)
    assert tree(desk.root) == before


def test_a_file_keeps_its_mode_its_mark_and_its_line_ends(desk: Desk, sink: DiskSink) -> None:
    path = desk.write("run.sh", b"\xef\xbb\xbf#!/bin/sh\r\necho\r\n")
    path.chmod(0o751)
    sink.apply_now(
        changes(modify(path, "#!/bin/sh\r\necho\r\n", "#!/bin/sh\r\necho 1\r\n")), ENTRY_ID
    )
    assert path.read_bytes() == b"\xef\xbb\xbf#!/bin/sh\r\necho 1\r\n"
    assert path.stat().st_mode & 0o7777 == 0o751


def test_a_renamed_file_keeps_its_mode_and_its_mark(desk: Desk, sink: DiskSink) -> None:
    path, new_path = desk.write("run.sh", b"\xef\xbb\xbfecho\n"), desk.root / "bin" / "run"
    path.chmod(0o750)
    sink.apply_now(
        changes(RenameFile(path=path, new_path=new_path, base=digest_of("echo\n"))), ENTRY_ID
    )
    assert new_path.read_bytes() == b"\xef\xbb\xbfecho\n"
    assert new_path.stat().st_mode & 0o7777 == 0o750
    assert not path.exists()


def test_a_new_file_gets_the_mode_that_any_program_would_give_it(
    desk: Desk, sink: DiskSink
) -> None:
    umask = os.umask(0o027)
    try:
        sink.apply_now(changes(create(desk.root / "a.txt", "")), ENTRY_ID)
    finally:
        os.umask(umask)
    assert (desk.root / "a.txt").stat().st_mode & 0o7777 == 0o640


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Linux has extended attributes in os")
def test_extended_attributes_are_kept_where_there_are_any(desk: Desk, sink: DiskSink) -> None:
    path = desk.write("a.txt", "a")
    try:
        os.setxattr(path, "user.origin", b"me")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    sink.apply_now(changes(modify(path, "a", "b")), ENTRY_ID)
    assert os.getxattr(path, "user.origin") == b"me"


def test_another_hard_link_keeps_the_old_text(desk: Desk, sink: DiskSink) -> None:
    # An atomic replacement and a shared file exclude one another; all or nothing was chosen.
    path = desk.write("a.txt", "old")
    os.link(path, desk.root / "other.txt")
    sink.apply_now(changes(modify(path, "old", "new")), ENTRY_ID)
    assert tree(desk.root) == {"a.txt": b"new", "other.txt": b"old"}
    assert path.stat().st_nlink == 1


def test_a_name_as_long_as_names_can_be_is_written(desk: Desk, sink: DiskSink) -> None:
    path = desk.root / ("é" * 127)
    sink.apply_now(changes(create(path, "1")), ENTRY_ID)
    sink.apply_now(changes(modify(path, "1", "2")), ENTRY_ID)
    assert tree(desk.root) == {path.name: b"2"}


def test_a_change_of_nothing_writes_nothing(desk: Desk, sink: DiskSink) -> None:
    sink.apply_now(changes(), ENTRY_ID)
    assert tree(desk.root) == {}


def test_a_write_past_the_limit_of_the_system_changes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "a\n").chmod(0o640)
    desk.write("b.txt", "b\n")
    before = tree(desk.root), modes(desk.root)
    program = [sys.executable, "-c", FULL_DISK, str(desk.root)]
    done = subprocess.run(program, capture_output=True, encoding="utf-8", timeout=5, check=False)
    assert done.stdout.startswith(
        "nothing was changed: 'b.txt' cannot be written: File too large"
    ), done.stderr
    assert (tree(desk.root), modes(desk.root)) == before


FULL_DISK = """
import pathlib, resource, sys
from mcp_tools.types.errors import Denied
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.sink import DiskSink
from tests.mcp_tools.workspace.changing import ENTRY_ID, changes, create, modify

root = pathlib.Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    DiskSink(DiskSource(root)).apply_now(changes(
        modify(root / "a.txt", "a\\n", "A\\n"),
        create(root / "new" / "n.txt", "n"),
        modify(root / "b.txt", "b\\n", "b" * 2000),
    ), ENTRY_ID)
except Denied as error:
    print(error)
"""


@pytest.mark.parametrize("n_ready", [0, 1])
def test_a_link_planted_while_writing_leads_nowhere(desk: Desk, n_ready: int) -> None:
    outside = desk.root.parent / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("a", encoding="utf-8")
    path = desk.write("sub/a.txt", "a")

    def plant() -> None:
        os.rename(desk.root / "sub", desk.root / "moved")
        os.symlink(outside, desk.root / "sub")

    source = Meddled(desk.root, path, n_looks=n_ready + 1, after=plant)
    with pytest.raises((OutsideWorkspace, StaleEdit)):
        DiskSink(source).apply_now(changes(modify(path, "a", "b")), ENTRY_ID)
    assert tree(outside) == {"a.txt": b"a"}
    assert (desk.root / "moved" / "a.txt").read_bytes() == b"a"


def test_a_change_by_another_program_right_after_writing_is_a_conflict(desk: Desk) -> None:
    path = desk.write("a.txt", "old")
    for theirs in (b"theirs", b"\0"):
        path.write_bytes(b"old")
        source = Meddled(
            desk.root, path, n_looks=3, before=lambda data=theirs: path.write_bytes(data)
        )
        with pytest.raises(Conflict, match=r"'a\.txt' was written, but holds something else now"):
            DiskSink(source).apply_now(changes(modify(path, "old", "new")), ENTRY_ID)
        assert tree(desk.root) == {"a.txt": theirs}


def test_a_file_deleted_by_us_and_made_again_by_another_program_is_a_conflict(desk: Desk) -> None:
    path = desk.write("a.txt", "old")
    source = Meddled(desk.root, path, n_looks=3, before=lambda: path.write_bytes(b"old"))
    with pytest.raises(Conflict):
        DiskSink(source).apply_now(changes(delete(path, "old")), ENTRY_ID)


class TestWithoutHardLinks:
    """File systems such as FAT have none; that is the one thing that is not real here."""

    @pytest.fixture(autouse=True)
    def _on_such_a_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def link(*_names: str, **_options: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", link)
        monkeypatch.setattr(placing, "HAS_RENAME_FLAGS", False)

    def test_changes_are_written(self, desk: Desk, sink: DiskSink) -> None:
        a, b = desk.write("a.txt", "a"), desk.write("b.txt", "b")
        new = desk.root / "new.txt"
        sink.apply_now(changes(modify(a, "a", "A"), delete(b, "b"), create(new, "n")), ENTRY_ID)
        assert tree(desk.root) == {"a.txt": b"A", "new.txt": b"n"}

    def test_a_failure_still_puts_everything_back(self, desk: Desk) -> None:
        a, b = desk.write("a.sh", b"\xef\xbb\xbfa"), desk.write("b.txt", "b")
        c = desk.write("c.txt", "c")
        a.chmod(0o750)
        b.chmod(0o604)
        before = tree(desk.root), modes(desk.root)
        source = Meddled(desk.root, c, n_looks=2, before=c.unlink)
        change = changes(modify(a, "a", "A"), delete(b, "b"), modify(c, "c", "C"))
        with pytest.raises(StaleEdit):
            DiskSink(source).apply_now(change, ENTRY_ID)
        desk.write("c.txt", "c")
        assert (tree(desk.root), modes(desk.root)) == before

    def test_a_name_taken_by_another_program_stays_its_own(self, desk: Desk) -> None:
        path = desk.root / "new.txt"
        source = Meddled(desk.root, path, n_looks=2, after=lambda: path.write_bytes(b"theirs"))
        with pytest.raises(StaleEdit, match="created just now by another program"):
            DiskSink(source).apply_now(changes(create(path, "ours")), ENTRY_ID)
        assert tree(desk.root) == {"new.txt": b"theirs"}


class TestWithoutDirectoryDescriptors:
    @pytest.fixture(autouse=True)
    def _on_such_a_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beneath, "HAS_DIR_FD", False)

    def test_changes_are_written_and_put_back(self, desk: Desk) -> None:
        a, b = desk.write("a.txt", "a"), desk.write("b.txt", "b")
        new = desk.root / "x" / "new.txt"
        change = changes(modify(a, "a", "A"), delete(b, "b"), create(new, "n"))
        before = tree(desk.root)
        source = Meddled(desk.root, new, n_looks=2, before=lambda: new.write_bytes(b"theirs"))
        with pytest.raises(StaleEdit):
            DiskSink(source).apply_now(change, ENTRY_ID)
        assert tree(desk.root) == before | {"x/": None, "x/new.txt": b"theirs"}
        new.unlink()
        DiskSink(DiskSource(desk.root)).apply_now(change, ENTRY_ID)
        assert tree(desk.root) == {"a.txt": b"A", "x/": None, "x/new.txt": b"n"}
