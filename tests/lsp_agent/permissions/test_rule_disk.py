"""The files that rules are kept in."""

import os
from pathlib import Path

import pytest

from lsp_agent.permissions.rule_disk import (
    MAX_FILE_BYTES,
    UnusableFile,
    read_projects,
    read_users,
    replace_users,
    stamp_of,
    writing,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir(mode=0o700)
    return folder / "rules.toml"


def made(path: Path, text: str = "ask = []", mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_there_need_be_no_file(path: Path) -> None:
    assert read_users(path) is None
    assert read_projects(path) is None
    path.parent.rmdir()
    assert read_users(path) is None
    made(path.parent)
    assert read_users(path) is None
    assert read_projects(path) is None


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_to_is_not_the_users(path: Path, mode: int) -> None:
    made(path, mode=mode)
    with pytest.raises(UnusableFile, match="chmod go-w"):
        read_users(path)
    assert read_projects(path) == "ask = []"


def test_nor_is_one_in_a_folder_that_others_can_write_to(path: Path) -> None:
    made(path)
    path.parent.chmod(0o770)
    with pytest.raises(UnusableFile, match="chmod go-w"):
        read_users(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_nor_is_one_of_another_user(path: Path) -> None:
    made(path)
    os.chown(path, 12_345, 12_345)
    with pytest.raises(UnusableFile, match="belongs to another user"):
        read_users(path)


def test_a_pipe_a_folder_and_too_much_are_refused(path: Path) -> None:
    os.mkfifo(path, 0o600)
    for read in (read_users, read_projects):
        with pytest.raises(UnusableFile, match="no regular file"):
            read(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(UnusableFile):
        read_users(path)
    path.rmdir()
    made(path, "#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(UnusableFile, match="longer than"):
        read_users(path)
    path.write_bytes(b"a = 1\n\xff")
    with pytest.raises(UnusableFile, match="line 2: it is not UTF-8"):
        read_users(path)


def test_a_link_is_followed_for_the_user_alone(path: Path, tmp_path: Path) -> None:
    target = made(tmp_path / "mine.toml")
    tmp_path.chmod(0o700)
    path.symlink_to(target)
    assert read_users(path) == "ask = []"
    with pytest.raises(UnusableFile):
        read_projects(path)
    replace_users(path, "deny = []")
    assert path.is_symlink()
    assert target.read_text(encoding="utf-8") == "deny = []"


def test_replacing_is_private_and_leaves_nothing_beside(path: Path) -> None:
    made(path, mode=0o644)
    replace_users(path, "deny = []")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["rules.toml"]


def test_what_cannot_be_written_leaves_what_was_there(path: Path) -> None:
    path.mkdir()
    with pytest.raises(UnusableFile, match="cannot be written"):
        replace_users(path, "deny = []")
    assert [each.name for each in path.parent.iterdir()] == ["rules.toml"]


def test_writing_makes_the_folder_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "rules.toml"
    with writing(path):
        assert path.parent.stat().st_mode & 0o777 == 0o700
    made(tmp_path / "b")
    with pytest.raises(UnusableFile, match="cannot be written"), writing(tmp_path / "b" / "c"):
        pass


def test_the_stamp_changes_with_text_rights_and_folder(path: Path) -> None:
    stamps = [stamp_of(path)]
    made(path)
    stamps.append(stamp_of(path))
    path.chmod(0o640)
    stamps.append(stamp_of(path))
    path.parent.chmod(0o750)
    stamps.append(stamp_of(path))
    replace_users(path, "ask = []")
    stamps.append(stamp_of(path))
    assert len(set(stamps)) == len(stamps)
    assert stamp_of(path) == stamps[-1]
