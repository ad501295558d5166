"""Objects of another repository, which an untrusted one must not show."""

from pathlib import Path

import pytest

from mcp_tools.code.git.foreign_objects import foreign_objects


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.git" / "objects" / "ab").mkdir(parents=True)
    (tmp_path / "own.git" / "objects" / "info").mkdir()
    (tmp_path / "own.git" / "objects" / "ab" / "cd").write_bytes(b"")
    (tmp_path / "other" / "pack").mkdir(parents=True)
    return tmp_path / "own.git"


def test_a_repository_of_its_own_shows_none(folder: Path) -> None:
    assert foreign_objects(folder) == ""
    assert foreign_objects(folder / "nothing") == ""


@pytest.mark.parametrize("name", ["objects/info/alternates", "objects/info/http-alternates"])
def test_alternates_show_some(folder: Path, name: str) -> None:
    (folder / name).write_text("/other/objects\n", encoding="utf-8")
    assert foreign_objects(folder) == name


@pytest.mark.parametrize("name", ["objects/pack", "objects/ab/ef", "objects/cd"])
def test_links_show_some_wherever_they_lead(folder: Path, name: str) -> None:
    (folder / name).symlink_to(folder.parent / "other" / "pack")
    assert foreign_objects(folder) == name


def test_all_objects_can_be_elsewhere(folder: Path) -> None:
    (folder / "objects").rename(folder / "away")
    (folder / "objects").symlink_to(folder / "away")
    assert foreign_objects(folder) == "objects"
