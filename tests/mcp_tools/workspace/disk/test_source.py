"""The disk as a source of text."""

import os
from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.documents import Entry, Layer
from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace, TooLarge
from mcp_tools.workspace.disk import beneath
from mcp_tools.workspace.disk.source import MAX_STATE_BYTES, DiskSource
from mcp_tools.workspace.encoding import MAX_FILE_BYTES
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges
from tests.support.desk import Desk


@pytest.fixture
def source(desk: Desk) -> DiskSource:
    return DiskSource(desk.root)


def test_a_file_is_read_as_it_is(desk: Desk, source: DiskSource) -> None:
    path = desk.write("a.txt", b"\xef\xbb\xbfa\r\nb\rc\x0c")
    document = source.read(path)
    assert (document.text, document.has_bom) == ("a\r\nb\rc\x0c", True)
    assert (document.layer, document.version) == (Layer.DISK, None)


def test_five_million_bytes_are_text_like_any_other(desk: Desk, source: DiskSource) -> None:
    text = "0123456789\n" * 480_000
    assert source.read(desk.write("a.txt", text)).text == text


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(
    desk: Desk, source: DiskSource
) -> None:
    path = desk.write("a.txt", b"x" * MAX_FILE_BYTES)
    assert len(source.read(path).text) == MAX_FILE_BYTES
    desk.write("a.txt", b"x" * (MAX_FILE_BYTES + 1))
    with pytest.raises(TooLarge, match=f"has {MAX_FILE_BYTES + 1} bytes"):
        source.read(path)


def test_bytes_that_are_no_text_are_refused(desk: Desk, source: DiskSource) -> None:
    with pytest.raises(NotText):
        source.read(desk.write("a.bin", b"\x89PNG\0"))


def test_a_folder_is_listed_by_name_and_links_are_named(desk: Desk, source: DiskSource) -> None:
    desk.write("b.txt", "12345")
    desk.write("a/x.txt", "")
    os.symlink("a", desk.root / "c")
    link_size = os.lstat(desk.root / "c").st_size
    assert source.entries(desk.root) == (
        Entry(path=desk.root / "a", is_dir=True),
        Entry(path=desk.root / "b.txt", is_dir=False, size_bytes=5),
        Entry(path=desk.root / "c", is_dir=False, is_link=True, size_bytes=link_size),
    )


def test_a_link_to_a_folder_is_not_listed(desk: Desk, source: DiskSource) -> None:
    desk.write("a/x.txt", "")
    os.symlink("a", desk.root / "c")
    with pytest.raises(OutsideWorkspace):
        source.entries(desk.root / "c")


@pytest.mark.parametrize("name", ["missing", "missing/deep"])
def test_a_missing_folder_is_not_found(desk: Desk, source: DiskSource, name: str) -> None:
    with pytest.raises(NotFound):
        source.entries(desk.root / name)


def test_a_file_has_no_entries(desk: Desk, source: DiskSource) -> None:
    with pytest.raises(OutsideWorkspace, match="not a plain folder"):
        source.entries(desk.write("a.txt", ""))


def test_a_root_must_exist(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DiskSource(tmp_path / "missing")


def test_a_root_given_through_a_link_is_the_folder_itself(desk: Desk) -> None:
    os.symlink(desk.root, desk.root.parent / "link")
    assert DiskSource(desk.root.parent / "link").root == desk.root


class TestState:
    def test_text_is_told_with_its_mode_and_mark(self, desk: Desk, source: DiskSource) -> None:
        path = desk.write("a.sh", b"\xef\xbb\xbfa\r\n")
        path.chmod(0o4751)
        assert source.state(path) == State(content="a\r\n", mode=0o4751, has_bom=True)

    @pytest.mark.parametrize("data", [b"\0", b"\xff", b"x" * (MAX_FILE_BYTES + 1)])
    def test_what_is_no_text_is_bytes(self, desk: Desk, source: DiskSource, data: bytes) -> None:
        path = desk.write("a", data)
        path.chmod(0o600)
        assert source.state(path) == State(content=Binary(data), mode=0o600)

    def test_a_link_is_its_target_wherever_that_is(self, desk: Desk, source: DiskSource) -> None:
        for target in ("a", "/etc/passwd", "nowhere", "."):
            os.symlink(target, desk.root / "link")
            assert source.state(desk.root / "link") == State(content=Link(target))
            os.unlink(desk.root / "link")

    def test_a_folder_is_a_folder_and_so_is_the_root(self, desk: Desk, source: DiskSource) -> None:
        for path in (desk.root, desk.root / "sub"):
            path.mkdir(exist_ok=True)
            path.chmod(0o750)
            assert source.state(path) == State(content=Folder(), mode=0o750)

    @pytest.mark.parametrize("name", ["missing", "missing/a", "file/a", "file/a/b", "link/a"])
    def test_nothing_is_none(self, desk: Desk, source: DiskSource, name: str) -> None:
        desk.write("file", "")
        outside = desk.root.parent / "outside"
        outside.mkdir()
        (outside / "a").touch()
        os.symlink(outside, desk.root / "link")
        assert source.state(desk.root / name) is None

    @pytest.mark.parametrize("name", ["..", "../a", "sub/../../a", "sub/.."])
    def test_what_leads_out_is_refused(self, desk: Desk, source: DiskSource, name: str) -> None:
        with pytest.raises(OutsideWorkspace):
            source.state(desk.root / name)

    def test_a_pipe_is_refused(self, desk: Desk, source: DiskSource) -> None:
        os.mkfifo(desk.root / "pipe")
        with pytest.raises(NotText, match="pipe or device"):
            source.state(desk.root / "pipe")

    def test_the_limit_is_that_of_an_undo(self, desk: Desk, source: DiskSource) -> None:
        path = desk.write("a", "")
        os.truncate(path, MAX_STATE_BYTES + 1)
        with pytest.raises(TooLarge, match=f"'a' has {MAX_STATE_BYTES + 1} bytes, .* undo"):
            source.state(path)

    @pytest.mark.parametrize("closed", ["sub", "sub/a.txt"])
    def test_what_may_not_be_looked_at_is_not_taken_for_nothing(self, closed: str) -> None:
        with open_folder() as root:
            (root / "sub").mkdir()
            (root / "sub" / "a.txt").touch()
            (root / closed).chmod(0)
            with without_privileges(), pytest.raises(NotText, match=r"Permission|permission"):
                DiskSource(root).state(root / "sub" / "a.txt")
            (root / closed).chmod(0o700)

    def test_a_root_that_is_gone_is_not_taken_for_an_empty_one(
        self, desk: Desk, source: DiskSource
    ) -> None:
        desk.write("a", "")
        desk.root.rename(desk.root.with_name("moved"))
        with pytest.raises(NotText, match="cannot be opened any more"):
            source.state(desk.root / "a")


class TestWithoutDirectoryDescriptors:
    @pytest.fixture(autouse=True)
    def _on_such_a_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beneath, "HAS_DIR_FD", False)

    def test_a_folder_is_listed_by_its_path(self, desk: Desk, source: DiskSource) -> None:
        path = desk.write("a/x.txt", "1")
        assert source.entries(path.parent) == (Entry(path=path, is_dir=False, size_bytes=1),)

    def test_states_are_told_by_their_path(self, desk: Desk, source: DiskSource) -> None:
        path = desk.write("a/x.txt", "1")
        os.symlink("x.txt", path.with_name("link"))
        path.chmod(0o644)
        assert source.state(path) == State(content="1", mode=0o644)
        assert source.state(path.with_name("link")) == State(content=Link("x.txt"))
        for name in ("missing", "missing/x", "a/x.txt/y", "a/link/y"):
            assert source.state(desk.root / name) is None

    def test_what_is_no_folder_is_not_found(self, desk: Desk, source: DiskSource) -> None:
        for path in (desk.write("a.txt", ""), desk.root / "missing"):
            with pytest.raises(NotFound, match=r"no folder|a file, not a folder"):
                source.entries(path)
