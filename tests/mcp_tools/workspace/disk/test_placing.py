"""Single effects below a root, by one system call, by links, and without links."""

import errno
import os
from collections.abc import Callable

import pytest

from mcp_tools.types.errors import NotFound, OutsideWorkspace
from mcp_tools.workspace.disk import beneath, placing
from tests.mcp_tools.workspace.trees import modes, tree
from tests.support.desk import Desk


def _as_it_is(_monkeypatch: pytest.MonkeyPatch) -> None:
    pass


def _without_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "HAS_RENAME_FLAGS", False)


def _without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do as on a file system such as FAT."""

    def link(*_names: str, **_options: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    _without_flags(monkeypatch)
    monkeypatch.setattr(os, "link", link)


def _without_folder_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beneath, "HAS_DIR_FD", False)


WAYS = {
    "one call": _as_it_is,
    "links": _without_flags,
    "no links": _without_links,
    "paths": _without_folder_descriptors,
}


@pytest.fixture(autouse=True, params=WAYS)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    WAYS[request.param](monkeypatch)


def test_two_files_change_places_with_all_that_they_are(desk: Desk) -> None:
    a, b = desk.write("a", "1"), desk.write("sub/b", "2")
    a.chmod(0o600)
    b.chmod(0o755)
    placing.swap(desk.root, a, b)
    assert tree(desk.root) == {"a": b"2", "sub/": None, "sub/b": b"1"}
    assert (modes(desk.root)["a"], modes(desk.root)["sub/b"]) == (0o755, 0o600)


def test_a_swap_with_nothing_changes_nothing(desk: Desk) -> None:
    a = desk.write("a", "1")
    with pytest.raises(FileNotFoundError):
        placing.swap(desk.root, a, desk.root / "b")
    assert tree(desk.root) == {"a": b"1"}


def test_a_file_gets_another_name(desk: Desk) -> None:
    (desk.root / "sub").mkdir()
    placing.move(desk.root, desk.write("a", "1"), desk.root / "sub" / "b")
    assert tree(desk.root) == {"sub/": None, "sub/b": b"1"}


def test_a_name_that_is_taken_stays_taken(desk: Desk) -> None:
    a, b = desk.write("a", "1"), desk.write("b", "2")
    with pytest.raises(FileExistsError):
        placing.move(desk.root, a, b)
    assert tree(desk.root) == {"a": b"1", "b": b"2"}


def test_a_file_that_is_gone_gets_no_name(desk: Desk) -> None:
    with pytest.raises(FileNotFoundError):
        placing.move(desk.root, desk.root / "a", desk.root / "b")
    assert tree(desk.root) == {}


def test_a_new_file_is_never_written_over_another(desk: Desk) -> None:
    path = desk.write("a", "1")
    with pytest.raises(FileExistsError):
        placing.make_file(desk.root, path, b"2", mode=None, like=None)
    os.symlink("nowhere", desk.root / "link")
    with pytest.raises(FileExistsError):
        placing.make_file(desk.root, desk.root / "link", b"2", mode=None, like=None)
    assert tree(desk.root) == {"a": b"1", "link": b"-> nowhere"}


def test_a_new_file_is_like_another_but_for_its_mode(desk: Desk) -> None:
    old = desk.write("old", "1")
    old.chmod(0o751)
    placing.make_file(desk.root, desk.root / "same", b"", mode=None, like=old)
    placing.make_file(desk.root, desk.root / "other", b"", mode=0o604, like=old)
    assert modes(desk.root) == {"old": 0o751, "other": 0o604, "same": 0o751}


def test_folders_and_links_come_and_go(desk: Desk) -> None:
    placing.make_folder(desk.root, desk.root / "a")
    placing.set_folder_mode(desk.root, desk.root / "a", 0o700)
    placing.make_link(desk.root, desk.root / "a" / "link", "..")
    assert (tree(desk.root), modes(desk.root)) == ({"a/": None, "a/link": b"-> .."}, {"a": 0o700})
    with pytest.raises(OSError, match="not empty"):
        placing.remove_folder(desk.root, desk.root / "a")
    placing.remove_file(desk.root, desk.root / "a" / "link")
    placing.remove_folder(desk.root, desk.root / "a")
    assert tree(desk.root) == {}


def test_a_mode_is_not_set_through_a_link(desk: Desk) -> None:
    path = desk.write("a", "1")
    path.chmod(0o640)
    os.symlink("a", desk.root / "link")
    with pytest.raises(OutsideWorkspace):
        placing.set_file_mode(desk.root, desk.root / "link", 0o777)
    placing.set_file_mode(desk.root, path, 0o600)
    assert modes(desk.root) == {"a": 0o600}


@pytest.mark.parametrize("name", ["link/a", "missing/a"])
def test_nothing_happens_behind_a_link_or_nowhere(desk: Desk, name: str) -> None:
    outside = desk.root.parent / "outside"
    outside.mkdir()
    (outside / "a").write_bytes(b"outside")
    os.symlink(outside, desk.root / "link")
    path, mine = desk.root / name, desk.write("mine", "mine")
    before = tree(desk.root)
    effects: list[Callable[[], None]] = [
        lambda: placing.swap(desk.root, mine, path),
        lambda: placing.move(desk.root, mine, path.with_name("b")),
        lambda: placing.make_file(desk.root, path.with_name("b"), b"", mode=None, like=None),
        lambda: placing.make_link(desk.root, path.with_name("b"), "x"),
        lambda: placing.make_folder(desk.root, path.with_name("b")),
        lambda: placing.remove_file(desk.root, path),
        lambda: placing.set_file_mode(desk.root, path, 0o600),
    ]
    for effect in effects:
        with pytest.raises((NotFound, OutsideWorkspace, OSError)):
            effect()
    assert (tree(desk.root), tree(outside)) == (before, {"a": b"outside"})


def test_a_folder_is_synced(desk: Desk) -> None:
    placing.sync_folder(desk.root, desk.root)


def test_a_file_that_may_be_written_is_told_from_one_that_may_not(desk: Desk) -> None:
    path = desk.write("a", "")
    assert placing.may_write(desk.root, path)
    path.chmod(0o444)
    assert placing.may_write(desk.root, path) is (os.geteuid() == 0)
