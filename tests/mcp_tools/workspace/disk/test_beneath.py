"""Opening files without ever following a link out of the root."""

import os
import socket
import stat
from pathlib import Path

import pytest

from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace
from mcp_tools.workspace.disk import beneath
from mcp_tools.workspace.disk.beneath import directory_fd, open_file, status_beneath
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = Path(os.path.realpath(tmp_path)) / "project"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.txt").write_text("inside", encoding="utf-8")
    secret = folder.parent / "secret"
    secret.mkdir()
    (secret / "a.txt").write_text("secret", encoding="utf-8")
    return folder


def content(root: Path, path: Path) -> str:
    with os.fdopen(open_file(root, path), encoding="utf-8") as file:
        return file.read()


def test_a_file_below_the_root_is_opened(root: Path) -> None:
    assert content(root, root / "sub" / "a.txt") == "inside"


def test_a_folder_replaced_by_a_link_after_the_check_is_not_followed(root: Path) -> None:
    path = root / "sub" / "a.txt"
    os.rename(root / "sub", root / "moved")
    os.symlink(root.parent / "secret", root / "sub")
    with pytest.raises(OutsideWorkspace, match="links are not followed"):
        open_file(root, path)


def test_a_file_replaced_by_a_link_after_the_check_is_not_followed(root: Path) -> None:
    path = root / "sub" / "a.txt"
    path.unlink()
    os.symlink(root.parent / "secret" / "a.txt", path)
    with pytest.raises(OutsideWorkspace, match="cannot be opened"):
        open_file(root, path)


def test_a_link_within_the_root_is_not_followed_either(root: Path) -> None:
    os.symlink("sub", root / "link")
    with pytest.raises(OutsideWorkspace):
        open_file(root, root / "link" / "a.txt")


def test_a_loop_of_links_ends(root: Path) -> None:
    os.symlink("two", root / "one")
    os.symlink("one", root / "two")
    with pytest.raises(OutsideWorkspace):
        open_file(root, root / "one")


@pytest.mark.parametrize("path", ["../secret/a.txt", "sub/../../secret/a.txt", "sub/../sub/a.txt"])
def test_dots_are_refused_unseen(root: Path, path: str) -> None:
    with pytest.raises(OutsideWorkspace, match=r"'\.\.'"):
        open_file(root, root / path)


@pytest.mark.parametrize("name", ["secret/a.txt", "project-2/a.txt"])
def test_a_path_outside_is_refused(root: Path, name: str) -> None:
    with pytest.raises(OutsideWorkspace, match="outside of the workspace"):
        open_file(root, root.parent / name)


@pytest.mark.parametrize("path", ["missing.txt", "missing/a.txt"])
def test_a_missing_file_or_folder_is_not_found(root: Path, path: str) -> None:
    with pytest.raises(NotFound, match="there is no"):
        open_file(root, root / path)


def test_below_a_file_there_is_nothing(root: Path) -> None:
    with pytest.raises(OutsideWorkspace, match=r"'a.txt' in .* is not a plain folder"):
        open_file(root, root / "sub" / "a.txt" / "b")


@pytest.mark.parametrize("path", [".", "sub"])
def test_a_folder_is_not_text(root: Path, path: str) -> None:
    with pytest.raises(NotText, match="folder, not a file"):
        open_file(root, root / path)


def test_a_pipe_is_refused_without_waiting_for_a_writer(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(NotText, match="pipe or device"):
        open_file(root, root / "pipe")


def test_a_socket_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        with pytest.raises(NotText, match="socket or device"):
            open_file(root, root / "socket")


def test_a_device_is_refused() -> None:
    with pytest.raises(NotText, match="pipe or device"):
        open_file(Path("/dev"), Path("/dev/null"))


def test_a_name_that_is_too_long_is_refused(root: Path) -> None:
    with pytest.raises(OutsideWorkspace, match="too long"):
        open_file(root, root / ("x" * 300))


@pytest.mark.parametrize("closed", ["sub", "sub/a.txt"])
def test_what_may_not_be_read_is_said_to_be_so(closed: str) -> None:
    with open_folder() as root:
        (root / "sub").mkdir()
        (root / "sub" / "a.txt").write_text("", encoding="utf-8")
        (root / closed).chmod(0)
        with without_privileges(), pytest.raises(NotFound, match="permission denied"):
            open_file(root, root / "sub" / "a.txt")
        (root / closed).chmod(0o700)


def test_a_root_that_is_gone_is_not_found(root: Path) -> None:
    os.rename(root, root.with_name("moved"))
    with pytest.raises(NotFound, match="cannot be opened any more"):
        open_file(root, root / "a.txt")


def test_nothing_stays_open(root: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    for path in ("missing", "sub", "sub/a.txt/b", "sub/missing/c"):
        with pytest.raises((NotFound, NotText, OutsideWorkspace)):
            open_file(root, root / path)
    with directory_fd(root, root / "sub"):
        pass
    assert len(os.listdir("/dev/fd")) == before


def test_a_path_is_looked_at_without_following_it(root: Path) -> None:
    os.symlink(root.parent / "secret", root / "link")
    for name in ("link/a.txt", "sub/a.txt/b", "missing", "missing/a"):
        assert status_beneath(root, root / name) is None
    found = [status_beneath(root, root / name) for name in ("link", "sub", "sub/a.txt", ".")]
    kinds = [None if status is None else stat.S_IFMT(status.st_mode) for status in found]
    assert kinds == [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFREG, stat.S_IFDIR]


def test_what_cannot_be_looked_at_is_not_taken_for_nothing(root: Path) -> None:
    with pytest.raises(OutsideWorkspace):
        status_beneath(root, root / "..")
    with pytest.raises(OSError, match="too long"):
        status_beneath(root, root / ("x" * 300))
    with pytest.raises(OSError, match="too long"):
        status_beneath(root, root / ("x" * 300) / "a")
    with pytest.raises(NotFound, match="cannot be opened any more"):
        status_beneath(root / "gone", root / "gone" / "a")


class TestWithoutDirectoryDescriptors:
    @pytest.fixture(autouse=True)
    def _on_such_a_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beneath, "HAS_DIR_FD", False)

    def test_files_are_opened_by_their_path(self, root: Path) -> None:
        assert content(root, root / "sub" / "a.txt") == "inside"

    def test_a_link_on_the_way_is_refused(self, root: Path) -> None:
        os.symlink(root.parent / "secret", root / "link")
        with pytest.raises(OutsideWorkspace, match="links are not followed"):
            open_file(root, root / "link" / "a.txt")

    def test_a_missing_file_is_not_found(self, root: Path) -> None:
        with pytest.raises(NotFound):
            open_file(root, root / "sub" / "missing")
