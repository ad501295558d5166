"""Stamps of a tree, and what their differences tell."""

import os
from pathlib import Path

from lsp_agent.sandbox.stat_cache import (
    TICK_NS,
    Stamp,
    differing,
    is_racy,
    open_own_folder,
    scan,
)
from tests.lsp_agent.sandbox.trees import fill, look


def test_all_is_listed_without_version_control_and_links_are_not_followed(tmp_path: Path) -> None:
    fill(tmp_path)
    for name in (".git/a", "package/.hg/b"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    listed = {name for name in look(tmp_path) if ".git" not in name and ".hg" not in name}
    assert set(scan(str(tmp_path))) == listed
    assert set(scan(str(tmp_path), skipped=())) == set(look(tmp_path))


def test_folders_come_before_what_is_in_them(tmp_path: Path) -> None:
    fill(tmp_path)
    seen: set[str] = set()
    for name in scan(str(tmp_path)):
        parent = name.rpartition("/")[0]
        assert not parent or parent in seen
        seen.add(name)


def test_each_kind_of_change_is_noticed(tmp_path: Path) -> None:
    fill(tmp_path)
    before = scan(str(tmp_path))
    (tmp_path / "main.py").write_text("other\n", encoding="utf-8")
    (tmp_path / "run.sh").chmod(0o700)
    (tmp_path / "empty").chmod(0o700)
    (tmp_path / "new").touch()
    (tmp_path / "image.bin").unlink()
    (tmp_path / "link.py").unlink()
    (tmp_path / "link.py").symlink_to("other")
    os.utime(tmp_path / "private.txt", ns=(0, 0))
    gone, changed = differing(before, scan(str(tmp_path)))
    assert gone == ["image.bin"]
    assert sorted(changed) == ["empty", "link.py", "main.py", "new", "private.txt", "run.sh"]


def test_a_folder_does_not_change_with_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    before = scan(str(tmp_path))
    (tmp_path / "folder/new").touch()
    assert differing(before, scan(str(tmp_path))) == ([], ["folder/new"])
    assert differing(before, before) == ([], [])


def test_a_folder_that_is_another_one_has_changed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "spare").mkdir()
    before = scan(str(tmp_path))
    (tmp_path / "folder").rmdir()
    (tmp_path / "spare").rename(tmp_path / "folder")
    assert differing(before, scan(str(tmp_path))) == (["spare"], ["folder"])


def test_an_unknown_root_has_nothing_in_it(tmp_path: Path) -> None:
    assert scan(str(tmp_path / "missing")) == {}


def test_a_closed_folder_of_our_own_is_opened_and_stamped_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed/file").touch()
    (tmp_path / "closed").chmod(0)
    stamps = scan(str(tmp_path), open_folder=open_own_folder)
    (tmp_path / "closed").chmod(0o700)
    assert list(stamps) == ["closed", "closed/file"]
    assert stamps["closed"][4] & 0o777 == 0


def test_a_file_is_racy_until_the_clock_has_moved_on() -> None:
    stamp: Stamp = (5 * TICK_NS, 6 * TICK_NS, 1, 1, 0o100644)
    assert is_racy(stamp, 6 * TICK_NS)
    assert is_racy(stamp, 7 * TICK_NS - 1)
    assert not is_racy(stamp, 7 * TICK_NS)
    assert is_racy(stamp, 0)
