"""The disk as a source of text."""

import os
from pathlib import Path

import pytest

from mcp_tools.types.documents import Entry, Layer
from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace, TooLarge
from mcp_tools.workspace import beneath
from mcp_tools.workspace.disk import DiskSource
from mcp_tools.workspace.encoding import MAX_FILE_BYTES
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


class TestWithoutDirectoryDescriptors:
    @pytest.fixture(autouse=True)
    def _on_such_a_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beneath, "HAS_DIR_FD", False)

    def test_a_folder_is_listed_by_its_path(self, desk: Desk, source: DiskSource) -> None:
        path = desk.write("a/x.txt", "1")
        assert source.entries(path.parent) == (Entry(path=path, is_dir=False, size_bytes=1),)

    def test_what_is_no_folder_is_not_found(self, desk: Desk, source: DiskSource) -> None:
        for path in (desk.write("a.txt", ""), desk.root / "missing"):
            with pytest.raises(NotFound, match=r"no folder|a file, not a folder"):
                source.entries(path)
